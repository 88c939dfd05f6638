import { decision } from "../explains";
import type { CauseDefinition } from "../cause";
import { refusalOf, refusalProofs, refusedThing, serverSaying } from "../refusals";
import { logMore, mendSetting } from "../remedies/server";

export const serverSettingBroken: CauseDefinition = {
  id: "server-setting-broken",
  title: "The server reports a fault in its own configuration, or in a file or folder that it names.",
  looksLike: "500 OOPS: ... instead of a reply, or 421 Home directory not available.",
  why:
    "vsftpd ends a session with 500 OOPS and the reason if it cannot do what its configuration asks: the user can " +
    "write to the root folder, a folder, certificate or file is missing, or a value is wrong. Other servers end " +
    "with 421. Clients often show only a lost connection.",
  outsideNetwork: true,
  explains: decision,
  recognise: (seen) => {
    const saying = serverSaying(seen, "setting");
    if (saying === null) return null;
    const refusal = refusalOf(seen);
    // A complaint that is only in a log may have had no effect on a session that went on.
    const isSaid = saying.by !== "log";
    if (!isSaid && refusal === null && typeof seen.dialogue.exchanges.at(-1)?.code === "number") return null;
    const answer =
      refusal === null ? "ended the session" : `answered ${refusedThing(seen, refusal)} with ${refusal.code}`;
    const unread = saying.by === "wire" ? ", in clear, which the client could not read," : "";
    return {
      // vsftpd sends the reason in a segment of its own, which some clients do not wait for.
      confidence: isSaid && !/OOPS:\s*$/.test(saying.text) ? "shown" : "likely",
      explanation: `The server ${answer} and complained${unread} about its own configuration: "${saying.text}".`,
      proofs: refusalProofs(seen, refusal, saying),
    };
  },
  remedies: [mendSetting, logMore],
};
