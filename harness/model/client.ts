import type { ClientOptions } from "./agent-protocol";

/** A client program, and the words that `+option` in a client id may use. */
export type ClientDefinition = {
  readonly id: string;
  readonly title: string;
  readonly defaults: ClientOptions;
  readonly options: Readonly<Record<string, { readonly description: string; readonly set: Partial<ClientOptions> }>>;
};

/** Every client program; a new one is an entry here and its driver in `harness/client`. */
export const clients: readonly ClientDefinition[] = [
  {
    id: "basic-ftp",
    title: "basic-ftp 6 (npm), with active mode, PROT C and CCC added by the agent",
    defaults: { foreignAddress: "reject", resumeSession: true },
    options: {
      "no-resume": {
        description: "data connections start a new TLS session",
        set: { resumeSession: false },
      },
      "replace-227": {
        description: "a private address in 227 is replaced by the control peer (allowSeparateTransferHost)",
        set: { foreignAddress: "replace-private" },
      },
      "trust-227": { description: "dials whatever address 227 names", set: { foreignAddress: "trust" } },
      "ignore-227": { description: "dials the control peer whatever 227 names", set: { foreignAddress: "ignore" } },
    },
  },
];

/** `basic-ftp+no-resume` → its definition and effective options; `null` where program or option is not known. */
export function resolveClient(
  clientId: string,
): { readonly definition: ClientDefinition; readonly options: ClientOptions } | null {
  const [program, ...words] = clientId.split("+");
  const definition = clients.find((client) => client.id === program);
  if (definition === undefined) return null;
  let options = definition.defaults;
  for (const word of words) {
    const option = Object.hasOwn(definition.options, word) ? definition.options[word] : undefined;
    if (option === undefined) return null;
    options = { ...options, ...option.set };
  }
  return { definition, options };
}
