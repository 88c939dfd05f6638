/** What else the user can do with the client at hand. */
import { resolveClient } from "../../catalog/clients/registry";
import { usageOf } from "./client-usage";
import { keepAliveSeconds } from "./keep-alive";
import { notInLab } from "./remedy";
import type { Remedy } from "./remedy";

/** Packets as short as the path takes them, at the user's end: what the server sends follows (MSS, RFC 9293). */
export const shorterPackets: Remedy = {
  id: "shorter-packets",
  party: "user",
  what: () => "Send and ask for shorter packets.",
  lines: ({ control }) => {
    const version = control.peer?.includes(":") === true ? "-6 " : "";
    const interfaceName = `$(ip ${version}-o route get ${control.peer ?? "SERVER_ADDRESS"} | grep -o 'dev [^ ]*')`;
    return [`ip link set ${interfaceName} mtu 1280`];
  },
  apply: notInLab,
};

/** Words that keep the control connection alive, for whoever forgets silent ones after minutes. */
export const keepAlive: Remedy = {
  id: "client-keepalive",
  party: "user",
  what: () => "Send TCP keepalives before silent connections are forgotten on the way.",
  lines: (seen) => {
    const seconds = keepAliveSeconds(seen);
    const lines = usageOf(seen, seen.cell);
    const [program] = seen.cell.client.split("+");
    const isCurl = program?.startsWith("curl") === true || resolveClient(seen.cell.client) === null;
    if (!isCurl || seconds === null) return [];
    return lines.map((line) => line.replace(/^curl/, `curl --keepalive-time ${seconds}`));
  },
  apply: notInLab,
};

/** Nobody but the user knows the account. */
export const checkLogin: Remedy = {
  id: "check-login",
  party: "user",
  what: () => "Check the user name and the password.",
  lines: (seen) => usageOf(seen, seen.cell),
  apply: notInLab,
};

/** For who chose the file's name. */
export const checkFile: Remedy = {
  id: "check-file",
  party: "user",
  what: () => "Check the name and the folder of the file, and whether this login may read or write there.",
  lines: () => [],
  apply: notInLab,
};

/** A client's time-out is its own, and each has another name for it. */
export const patience: Remedy = {
  id: "wait-longer",
  party: "user",
  what: () => "Let the client wait longer for replies.",
  lines: (seen) => usageOf(seen, seen.cell).map((line) => `${line} # with a time-out of 60 s or more`),
  apply: notInLab,
};

/** The part that has arrived need not be sent again (REST, RFC 3659 section 5). */
export const resumeTransfer: Remedy = {
  id: "resume-transfer",
  party: "user",
  what: () => "Compare the sizes at both ends, and transfer the rest of the file again.",
  lines: (seen) => {
    const { operation, client } = seen.cell;
    if (operation === "list") return [];
    const resumed = resolveClient(client)?.definition.resumed;
    const lines = usageOf(seen, seen.cell);
    return resumed === undefined ? lines : lines.map((line) => resumed(line, operation));
  },
  apply: notInLab,
};

/** The result with another program shows whether this one is to blame. */
export const otherClient: Remedy = {
  id: "other-client",
  party: "user",
  what: ({ stage }) => {
    const isCut = stage === "transfer" || stage === "completion" || stage === "integrity";
    const sizes = isCut ? ", and compare sizes: a client that says nothing may keep half a file" : "";
    return `Try another client, or another release of this one${sizes}.`;
  },
  lines: (seen) => {
    const other = seen.cell.client.startsWith("curl") ? "lftp" : "curl";
    return usageOf(seen, { ...seen.cell, client: other });
  },
  apply: notInLab,
};

/** A client that opens several connections at once reaches a limit by itself. */
export const fewerConnections: Remedy = {
  id: "fewer-connections",
  party: "user",
  what: () => "Let the client open fewer connections at once.",
  lines: () => [],
  apply: notInLab,
};

/** For the author of a program of the user's own. */
export const mendProgram: Remedy = {
  id: "mend-program",
  party: "user",
  what: () => "Mend the program, which ends with this error before it dials.",
  lines: () => [],
  apply: notInLab,
};

/** For the client's author. */
export const finishHandshake: Remedy = {
  id: "finish-data-handshake",
  party: "user",
  what: () => "Use a client that finishes the handshake even if it has nothing to send.",
  lines: () => ['data = ftps.transfercmd("STOR empty"); data.unwrap(); data.close()  # Python ftplib'],
  apply: notInLab,
};

export const commandFirst: Remedy = {
  id: "transfer-command-first",
  party: "user",
  what: () => "Send the transfer command first, and begin TLS on the data connection when it has gone out.",
  lines: () => ['conn = ftps.transfercmd("LIST")  # Python ftplib: connects, sends LIST, begins TLS'],
  apply: notInLab,
};
