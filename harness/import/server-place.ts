/** Whether a server whose files name no machine runs on the one that the rules are of. */
import type { Origin } from "./place";
import { originAt, type Piece } from "./pieces/piece";
import { interfacesIn } from "./read/interfaces";

/** The rule by which a machine takes FTP for itself. */
export function takesFtp(pieces: readonly Piece[]): Origin | null {
  for (const piece of pieces) {
    const at = piece.lines.findIndex((line) => {
      const isIn =
        /-A \S*(INPUT|input|IN_|-IN\b)\S*/.test(line) ||
        /^\s*(tcp dport|ct state|ip saddr|iifname)\b/.test(line) ||
        line.includes("ALLOW IN");
      return (
        isIn && /(?<![\d.:])(21|ftp)\b(?![\d.])/.test(line) && /ACCEPT|accept|ALLOW|-j (?:f2b|fail2ban)-/.test(line)
      );
    });
    if (at >= 0) return originAt(piece, at);
  }
  return null;
}

/** Interfaces of tunnels, containers and virtual machines; they lead to no other machine of the user's network. */
const ownSide =
  /^(?:lo$|tun|tap|wg|ppp[+]|ipsec|vti|tailscale|zt|docker|br-[0-9a-f]{12}|virbr|vnet|veth|lxc|lxd|incus|podman|cni|flannel|cali)/;

/** Whether all that a machine's rules and addresses name is one line, beside tunnels and guests: then no server can stand behind it. */
export function hasOneLine(pieces: readonly Piece[]): boolean {
  const named = pieces.flatMap((piece) => [
    ...interfacesIn(piece).map(({ name }) => name),
    ...piece.lines.flatMap((line) => [
      ...[...line.matchAll(/(?:^|\s)-[io] (\S+)/g)].map(([, name = ""]) => name),
      ...[...line.matchAll(/\b[io]if(?:name)? (?:!= )?(\{[^}]*\}|\S+)/g)].flatMap(([, names = ""]) =>
        names.replace(/[{}",]/g, " ").split(/\s+/),
      ),
    ]),
  ]);
  const lines = new Set(named.filter((name) => name !== "" && !ownSide.test(name)));
  return lines.size === 1;
}
