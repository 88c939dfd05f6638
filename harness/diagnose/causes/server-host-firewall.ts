import { recogniseHost } from "../break-recognition";
import { openServerHost } from "../remedies/by-break";
import type { CauseDefinition } from "../cause";

export const serverHostFirewall: CauseDefinition = {
  id: "server-host-firewall",
  title: "The server's own firewall stops the connection.",
  looksLike:
    "The login works and the first listing hangs in passive mode, whatever the routers are set to; or nobody can connect at all.",
  why: "A server filters its own packets too (ufw, firewalld, a provider's rules): port 21 is open there, and the passive ports are not. No router on the way can cure that.",
  explains: ({ side, hand, what }) =>
    side === "server" &&
    (hand.kind === "rule" || hand.kind === "policy" || (hand.kind === "host" && what === "never-sent")),
  recognise: recogniseHost,
  remedies: [openServerHost],
};
