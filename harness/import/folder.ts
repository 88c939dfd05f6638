/** A drafted network → the files of its folder. */
import { stringify } from "yaml";
import type { PortRange } from "../model/topology";
import type { Host } from "./host";
import type { LinkDraft, NetworkDraft, NodeDraft } from "./network";
import { readmeText } from "./readme";
import type { LeftOut } from "./place";

export type FolderFile = { readonly path: string; readonly text: string };

/** What `network.yaml` and the rest hold; paths are relative to the folder. */
export function folderFiles(
  draft: NetworkDraft,
  hosts: readonly Host[],
  leftOut: readonly LeftOut[],
): readonly FolderFile[] {
  const files: FolderFile[] = [];
  const rules = new Map<string, readonly string[]>();
  for (const { id, host } of draft.nodes) {
    if (host === null) continue;
    const own = rulesFiles(id, host);
    rules.set(
      id,
      own.map(({ path }) => path),
    );
    files.push(...own);
  }
  files.unshift({ path: "network.yaml", text: networkText(draft, rules) });
  const serverFiles = hosts.flatMap(({ server }) => server ?? [])[0] ?? null;
  const paths = (serverFiles?.files ?? []).map(({ name, text }, at, all) => ({
    path: `server/${uniqueName(name, at, all)}`,
    text,
  }));
  files.push(...paths);
  const hasServer = serverFiles !== null;
  if (serverFiles !== null) files.push({ path: "server.yaml", text: serverText(draft, serverFiles, paths) });
  files.push({ path: "scenario.yaml", text: scenarioText(draft, hasServer) });
  files.push({
    path: "README.md",
    text: readmeText(
      draft,
      leftOut,
      files.map(({ path }) => path),
    ),
  });
  return files;
}

/** All tables of iptables in one file, and those of nftables in another. */
function rulesFiles(id: string, { rules }: Host): readonly FolderFile[] {
  return (["iptables", "nftables"] as const).flatMap((format): FolderFile[] => {
    const texts = rules.filter((one) => one.format === format).map(({ text }) => text);
    return texts.length === 0
      ? []
      : [{ path: `rules/${id}.${format === "nftables" ? "nft" : "v4"}`, text: texts.join("") }];
  });
}

function uniqueName(name: string, at: number, all: readonly { readonly name: string }[]): string {
  const clean = name.replace(/[^\w.-]/g, "_");
  return all.findIndex((other) => other.name === name) === at ? clean : `${at + 1}-${clean}`;
}

/** A value as YAML writes it on one line. */
function scalar(value: string | number): string {
  return stringify(value).trim();
}

function networkText(draft: NetworkDraft, rules: ReadonlyMap<string, readonly string[]>): string {
  const assumed = draft.inferences.flatMap((one) => (one.kind === "assumed" ? [`# ? ${one.what}: ${one.why}.`] : []));
  return [
    "# Written by `import`; README.md names the file and line behind each value.",
    ...(assumed.length === 0 ? [] : ["# Assumptions:", ...assumed]),
    `title: ${scalar(draft.title)}`,
    "description: >-",
    "  Written by `import` from files of a real network. Names, addresses and rules are unchanged. README.md says what was",
    "  read from which line, and what is assumed.",
    "core: false",
    "family: ipv4",
    `dial: ${draft.dial}`,
    "nodes:",
    ...draft.nodes.flatMap((node) => nodeLines(node, draft, rules.get(node.id) ?? [])),
    "links:",
    ...draft.links.flatMap(linkLines),
    "",
  ].join("\n");
}

function nodeLines(node: NodeDraft, { server }: NetworkDraft, rules: readonly string[]): readonly string[] {
  const { id, role, gateway, position, made, absent = [] } = node;
  const lines = [
    ...(made === null ? [] : [`  # ? ${made.why}`]),
    `  ${id}:`,
    `    role: ${role}`,
    ...(position === undefined ? [] : [`    position: ${position}`]),
    ...(gateway === null ? [] : [`    gateway: ${gateway}`]),
  ];
  if (role === "server") {
    lines.push(`    passive-ports: ${rangeText(server.passivePorts)}`);
    if (server.controlPort !== 21) lines.push(`    control-port: ${server.controlPort}`);
    if (server.masqueradeAddress !== null) lines.push(`    masquerade-address: ${server.masqueradeAddress}`);
  }
  if (rules.length > 0) lines.push(`    rules-files: [${rules.join(", ")}]`);
  if (absent.length > 0) lines.push(`    absent: [${absent.map(scalar).join(", ")}]`);
  if (made?.rules !== undefined) lines.push("    rules: |", ...made.rules.split("\n").map((line) => `      ${line}`));
  if (role === "router" && made !== null && made.rules === undefined) lines.push(...madeLines(made));
  // Without rules of its own, a machine of the user's passes and takes everything.
  if (role === "router" && made === null && rules.length === 0)
    lines.push("    filter: { input: accept, forward: accept }");
  return lines;
}

function madeLines({ masquerade = [], forwards = [] }: NonNullable<NodeDraft["made"]>): readonly string[] {
  return [
    ...(forwards.length === 0
      ? []
      : [
          "    port-forwards:",
          ...forwards.map(({ on, ports, to }) => `      - { on: ${on}, ports: [${ports}], to: ${to} }`),
        ]),
    ...(masquerade.length === 0 ? [] : [`    masquerade: [${masquerade.join(", ")}]`]),
    `    filter: { input: ${masquerade.length > 0 ? "drop" : "accept"}, forward: accept }`,
  ];
}

function linkLines({ id, subnet, addresses, interfaces }: LinkDraft): readonly string[] {
  const pairs = (map: ReadonlyMap<string, string>): string =>
    [...map].map(([node, value]) => `${node}: ${value}`).join(", ");
  const named = new Map([...interfaces].filter(([, name]) => name !== id));
  return [
    `  ${id}:`,
    `    subnet: ${subnet}`,
    `    addresses: { ${pairs(addresses)} }`,
    ...(named.size === 0
      ? []
      : [`    interfaces: { ${[...named].map(([node, name]) => `${node}: ${scalar(name)}`).join(", ")} }`]),
  ];
}

function rangeText({ first, last }: PortRange): string {
  return `${first}-${last}`;
}

/** A number of a line is no address of YAML's. */
function serverText(
  draft: NetworkDraft,
  { software, profile }: NonNullable<Host["server"]>,
  files: readonly FolderFile[],
): string {
  const tls = profile?.tls ?? null;
  const own =
    profile === null
      ? [`config-files: [${files.map(({ path }) => path).join(", ")}]`]
      : [
          ...(profile.directives.length === 0
            ? []
            : ["directives: |", ...profile.directives.map((line) => `  ${line}`)]),
          ...(tls === null
            ? ["tls: none"]
            : ["tls:", "  protocol: TLSv1.2 TLSv1.3", "  options: [NoSessionReuseRequired]", `  required: ${tls}`]),
        ];
  return [
    "# Written by `import`.",
    `title: ${scalar(`The server of ${draft.id}`)}`,
    "description: Written by `import` from the server's own files.",
    `software: ${software}`,
    ...own,
    "",
  ].join("\n");
}

function scenarioText({ id }: NetworkDraft, hasServer: boolean): string {
  return [
    "# Written by `import`.",
    `name: ${scalar(`Imported: ${id}`)}`,
    "description: A listing with and without TLS through the imported network, passive and active.",
    "include:",
    `  - topology: ${id}`,
    `    server: ${hasServer ? `${id}-server` : "tls-optional"}`,
    "    mode: [ftp, ftps]",
    "    operation: list",
    "",
  ].join("\n");
}
