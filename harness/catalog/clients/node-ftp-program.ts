import { isPassive, traitsOf } from "../../model/axes";
import type { ClientProgram, Lack } from "../../model/program";
import { nodeClientPath } from "../../model/ftp-site";
import type { Usage } from "./definition";
import { findsIn, lacksCommands } from "./binary-words";
import { readNodeScript } from "./node-script";
import { scriptSettings } from "./script-settings";

/** The least that a listing of a busy lab needs, since nothing but connections has a time-out of the library's own. */
const deadlineMs = 10_000;

type Library = { readonly id: string; readonly hasEpsv: boolean };

/** node-ftp or its fork in a user's own script, whose dialogue is told by `debug`. */
export function nodeFtpProgram({ id, hasEpsv }: Library): ClientProgram {
  const script = nodeClientPath(id);
  const lacks = ({ mode, data }: Parameters<ClientProgram["lacks"]>[0]): Lack | null => {
    const { ccc, protection } = traitsOf(mode);
    if (ccc !== "none") return lacksCommands(`${id} has no CCC.`, script, { sends: "PROT", lacks: ["CCC"] });
    if (!isPassive(data)) return lacksCommands(`${id} has no PORT.`, script, { sends: "PASV", lacks: ["PORT"] });
    if (data === "epsv" && !hasEpsv) {
      return lacksCommands(`${id} has no EPSV.`, script, { sends: "PASV", lacks: ["EPSV"] });
    }
    if (protection !== "C") return null;
    return {
      what: `${id} sends PROT P and no other.`,
      proof: {
        kind: "command",
        argv: findsIn(script, "PROT [A-Z]"),
        expect: "present",
        pattern: /^(?![^]*PROT [^P])[^]*PROT P/,
      },
    };
  };
  return {
    image: "client",
    version: { argv: ["node", script, "--version"], pattern: /^\S+ (\S+)/ },
    keepsPlace: true,
    isNodeScript: true,
    deadlineMs,
    lacks,
    command: (session) => ({ argv: ["node", script], input: scriptSettings(session) }),
    read: (outcome, session) => readNodeScript(id, outcome, session),
  };
}

/** The call that connects. `forcePasv` is @icetee/ftp's: without it EPSV comes first. */
export function nodeFtpUsage(
  { mode, data, host, port, caFile }: Usage,
  { hasEpsv }: Pick<Library, "hasEpsv">,
): readonly string[] {
  const { tls } = traitsOf(mode);
  const options = [
    `host: "${host}"`,
    ...([21, 990].includes(port) ? [] : [`port: ${port}`]),
    "user",
    "password",
    ...(tls === "none" ? [] : [tls === "implicit" ? 'secure: "implicit"' : "secure: true"]),
    ...(tls === "none" || caFile === null ? [] : [`secureOptions: { ca: readFileSync("${caFile}") }`]),
    ...(hasEpsv && data === "pasv" ? ["forcePasv: true"] : []),
  ];
  return [`client.connect({ ${options.join(", ")} })`];
}
