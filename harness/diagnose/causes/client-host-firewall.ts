import { recogniseHost } from "../break-recognition";
import { openClientHost } from "../remedies/by-break";
import { passiveInstead } from "../remedies/data-commands";
import type { CauseDefinition } from "../cause";

export const clientHostFirewall: CauseDefinition = {
  id: "client-host-firewall",
  title: "The client's own firewall stops the connection.",
  looksLike:
    "The login works and the first listing hangs, mostly in active mode; other computers at the same place work.",
  why:
    "A host filters its own packets (netfilter's INPUT and OUTPUT, Windows Defender Firewall). In active mode the " +
    "server opens the data connection (RFC 959), and such a firewall does not expect it unless a helper on the host " +
    "has read PORT or EPRT.",
  explains: ({ side, hand, what }) =>
    side === "client" &&
    (hand.kind === "rule" || hand.kind === "policy" || (hand.kind === "host" && what === "never-sent")),
  recognise: recogniseHost,
  remedies: [openClientHost, passiveInstead],
};
