import type { Criterion } from "./criteria";
import type { Family } from "../../../model/topology";

/** Criteria as `iptables` or `ip6tables` takes them. */
export function iptablesCriteria(criteria: readonly Criterion[], family: Family): string {
  // Links and addresses come first, as iptables itself writes them.
  const heads = criteria.flatMap((one) => headOf(one) ?? []);
  return [...heads, "-p tcp", ...criteria.flatMap((one) => matchOf(one, family) ?? [])].join(" ");
}

function headOf(criterion: Criterion): string | null {
  switch (criterion.kind) {
    case "source":
      return `-s ${criterion.address}`;
    case "in":
      return `-i ${criterion.link}`;
    case "out":
      return `-o ${criterion.link}`;
    default:
      return null;
  }
}

function matchOf(criterion: Criterion, family: Family): string | null {
  switch (criterion.kind) {
    case "to-ports":
    case "from-ports": {
      const { first, last } = criterion.ports;
      const option = criterion.kind === "to-ports" ? "--dport" : "--sport";
      return `${criterion.not === true ? "! " : ""}${option} ${first === last ? first : `${first}:${last}`}`;
    }
    case "flags":
      return flagWords[criterion.flags];
    case "state":
      return `-m conntrack --ctstate ${criterion.states.map((state) => state.toUpperCase()).join(",")}`;
    case "begins":
      return `-m string --algo bm --to 120 --string "${criterion.text}"`;
    case "longer":
      return `-m length --length ${criterion.bytes}:65535`;
    case "every":
      return `-m statistic --mode nth --every ${criterion.nth} --packet ${Math.min(criterion.from, criterion.nth - 1)}`;
    case "helper":
      return "-m helper --helper ftp";
    case "packets":
      return `-m connbytes --connbytes ${criterion.count}: --connbytes-dir both --connbytes-mode packets`;
    case "over":
      return (
        `-m hashlimit --hashlimit-above ${criterion.aMinute}/min --hashlimit-burst ${criterion.burst} ` +
        "--hashlimit-mode srcip --hashlimit-name faults"
      );
    case "ttl-below":
      return family === "ipv6" ? `-m hl --hl-lt ${criterion.ttl}` : `-m ttl --ttl-lt ${criterion.ttl}`;
    case "source":
    case "in":
    case "out":
      return null;
  }
}

const flagWords = {
  syn: "--tcp-flags FIN,SYN,RST,ACK SYN",
  "syn-ack": "--tcp-flags SYN,ACK SYN,ACK",
  fin: "--tcp-flags FIN FIN",
  push: "--tcp-flags PSH PSH",
} as const;
