import { traitsOf } from "../../model/axes";
import type { ProgramSession } from "../../model/program";

/** FileZilla's site types (ServerProtocol in its server.h): FTP with implicit TLS, with explicit TLS, and without. */
const protocols = { implicit: 3, explicit: 4, none: 6 } as const;

/** The type of a site that speaks the session's kind of TLS. */
export function filezillaProtocol({ mode }: Pick<ProgramSession, "mode">): number {
  return protocols[traitsOf(mode).tls];
}

/** A path as FileZilla writes it (CServerPath::GetSafePath): its type, the length of its prefix, and each name after its length. */
export function remotePath(folder: string): string {
  const names = folder.split("/").filter((name) => name !== "");
  return ["1", "0", ...names.flatMap((name) => [String(name.length), name])].join(" ");
}
