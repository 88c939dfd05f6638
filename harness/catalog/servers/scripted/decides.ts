import { traitsOf } from "../../../model/axes";
import type { Cell } from "../../../model/cell";
import type { ServerProfile } from "../../../model/server-profile";
import { emptyScript, type DataManners, type ServerScript } from "../../../model/server-script";

/** What the script decides of a cell beyond what the prediction knows, as a clause; `null` if it decides nothing. */
export function decidedBy({ script = emptyScript, tls }: ServerProfile, cell: Cell): string | null {
  const isProtected = tls !== null && traitsOf(cell.mode).tls !== "none";
  if (script.greeting !== null) return "the script says how it greets";
  const command = script.commands.find(({ verb }) => isSent(verb, cell));
  if (command !== undefined) return `the script says what is answered to ${command.verb}`;
  const key = dataKeys(isProtected).find((name) => isOther(script.data[name], emptyScript.data[name]));
  if (key !== undefined) return `the script has \`${key}\` for data connections`;
  return isProtected && traitsOf(cell.mode).ccc !== "none" && script.tls.ccc !== emptyScript.tls.ccc
    ? "the script says how TLS ends after CCC"
    : null;
}

function isOther(one: DataManners[keyof DataManners], other: DataManners[keyof DataManners]): boolean {
  return JSON.stringify(one) !== JSON.stringify(other);
}

function dataKeys(isProtected: boolean): readonly (keyof DataManners)[] {
  const keys = Object.keys(emptyScript.data) as readonly (keyof ServerScript["data"])[];
  return isProtected ? keys : keys.filter((key) => key !== "closeNotify" && key !== "certificate");
}

/** Commands of which a cell tells by itself whether they are sent; a client may send any of the others. */
function isSent(verb: string, { mode, data, operation }: Cell): boolean {
  const { tls, ccc } = traitsOf(mode);
  switch (verb) {
    case "PASV":
    case "EPSV":
    case "PORT":
    case "EPRT":
      return verb === data.toUpperCase();
    case "AUTH":
      return tls === "explicit";
    case "PBSZ":
    case "PROT":
      return tls !== "none";
    case "CCC":
      return ccc !== "none";
    case "RETR":
      return operation === "download";
    case "STOR":
    case "APPE":
      return operation === "upload";
    default:
      return true;
  }
}
