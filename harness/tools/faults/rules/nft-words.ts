import type { Criterion } from "./criteria";
import type { Family } from "../../../model/topology";

/** Criteria as `nft` takes them. */
export function nftCriteria(criteria: readonly Criterion[], family: Family): string {
  return criteria.map((criterion) => matchOf(criterion, family)).join(" ");
}

function matchOf(criterion: Criterion, family: Family): string {
  const ip = family === "ipv6" ? "ip6" : "ip";
  switch (criterion.kind) {
    case "to-ports":
    case "from-ports": {
      const { first, last } = criterion.ports;
      const field = criterion.kind === "to-ports" ? "dport" : "sport";
      return `tcp ${field} ${criterion.not === true ? "!= " : ""}${first === last ? first : `${first}-${last}`}`;
    }
    case "flags":
      return flagWords[criterion.flags];
    case "state":
      return `ct state ${criterion.states.join(",")}`;
    case "begins":
      return payloadBegins(criterion.text);
    case "longer":
      return `meta length >= ${criterion.bytes}`;
    case "every":
      return criterion.nth === 1
        ? "meta l4proto tcp"
        : `meta l4proto tcp numgen inc mod ${criterion.nth} == ${criterion.from % criterion.nth}`;
    case "helper":
      return 'ct helper "ftp"';
    case "packets":
      return `ct packets >= ${criterion.count}`;
    case "over":
      return `limit rate over ${criterion.aMinute}/minute burst ${criterion.burst} packets`;
    case "ttl-below":
      return family === "ipv6" ? `ip6 hoplimit < ${criterion.ttl}` : `ip ttl < ${criterion.ttl}`;
    case "in":
      return `iifname "${criterion.link}"`;
    case "out":
      return `oifname "${criterion.link}"`;
    case "source":
      return `${ip} saddr ${criterion.address}`;
  }
}

/** The first four bytes of TCP's payload (`@ih`, nft(8), since Linux 5.16). */
export function payloadBegins(text: string): string {
  return `@ih,0,32 0x${hex(text)}`;
}

/** Puts other bytes in their place. */
export function payloadBecomes(text: string): string {
  return `@ih,0,32 set 0x${hex(text)}`;
}

function hex(text: string): string {
  return Buffer.from(text.padEnd(4).slice(0, 4), "latin1").toString("hex");
}

const flagWords = {
  syn: "tcp flags & (fin | syn | rst | ack) == syn",
  "syn-ack": "tcp flags & (syn | ack) == syn | ack",
  fin: "tcp flags & fin == fin",
  push: "tcp flags & psh == psh",
} as const;
