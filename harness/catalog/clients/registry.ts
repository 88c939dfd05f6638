import type { ClientOptions } from "../../model/agent-protocol";
import type { ClientImage } from "../../model/program";
import { basicFtp } from "./basic-ftp";
import { basicFtp4 } from "./basic-ftp-4";
import { basicFtp5 } from "./basic-ftp-5";
import { curl } from "./curl";
import { curl788 } from "./curl-7-88";
import type { ClientDefinition } from "./definition";
import { filezilla } from "./filezilla";
import { ftplib } from "./ftplib";
import { gvfs } from "./gvfs";
import { iceteeFtp } from "./icetee-ftp";
import { kio } from "./kio";
import { lftp } from "./lftp";
import { ncftp } from "./ncftp";
import { nodeFtp } from "./node-ftp";
import { tnftp } from "./tnftp";
import { wget } from "./wget";
import { perl } from "./perl";
import { php } from "./php";

/** Every client program, in the order in which they are listed; a new one is a file here and a line in this list. */
export const clients: readonly ClientDefinition[] = [
  basicFtp,
  basicFtp5,
  basicFtp4,
  curl,
  curl788,
  lftp,
  ftplib,
  wget,
  tnftp,
  ncftp,
  perl,
  php,
  kio,
  gvfs,
  filezilla,
  nodeFtp,
  iceteeFtp,
];

/** A client id taken apart. */
export type ResolvedClient = {
  readonly definition: ClientDefinition;
  /** What the id's options come to. */
  readonly options: ClientOptions;
  /** The options' words. */
  readonly words: readonly string[];
};

/** The image in which a client lives; what the agent itself drives lives with the agent. */
export function clientImageOf(clientId: string): ClientImage {
  return resolveClient(clientId)?.definition.program?.image ?? "client";
}

/** `basic-ftp+no-resume` → its definition and effective options; `null` where program or option is not known. */
export function resolveClient(clientId: string): ResolvedClient | null {
  const [program, ...words] = clientId.split("+");
  const definition = clients.find((client) => client.id === program);
  if (definition === undefined) return null;
  let options = definition.defaults;
  for (const word of words) {
    const option = Object.hasOwn(definition.options, word) ? definition.options[word] : undefined;
    if (option === undefined) return null;
    options = { ...options, ...option.set };
  }
  return { definition, options, words };
}
