import { inOrder, type ConfigurationFinding } from "../catalog/servers/lint/finding";
import { softwareNamed } from "../catalog/servers/registry";
import { coversPorts, parseRules } from "../evidence/text/rules";
import { routersOf, serverOf } from "../model/network";
import type { ServerProfile } from "../model/server-profile";
import type { PortRange, RouterNode, Topology } from "../model/topology";
import { portsOf } from "./configured-networks";

/** What a router does for FTP; `null` instead of ports is any. */
type Way = {
  /** Ports whose connections its helper follows, a rule each. */
  readonly helpers: readonly (readonly PortRange[] | null)[];
  readonly forwards: readonly Forward[];
};

/** `shifted`: other port numbers at the server. */
type Forward = {
  readonly ports: readonly PortRange[] | null;
  readonly to: string;
  readonly shifted: PortRange | null;
};

const portLine = /^\s*(port\s|listen_port=)/i;

/**
 * Where a user's own configuration and the routers of a network, their own rules included, do not fit: a passive range that is not
 * forwarded, and a helper on another port than the server's.
 * @param topology as it runs: with the configuration's ports where its routers' rules follow from its file
 */
export function lintInNetwork(topology: Topology, profile: ServerProfile): readonly ConfigurationFinding[] {
  const ports = portsOf(profile);
  const text = profile.userConfig?.text ?? "";
  const effective = softwareNamed(profile.software).userConfig?.effective({ topology, server: profile });
  if (ports?.control === undefined || ports.control === null || effective === undefined) return [];
  const control = { first: ports.control, last: ports.control };
  const range = serverOf(effective.topology).passivePorts;
  return inOrder(
    routersOf(topology).flatMap((router) => {
      const way = wayOf(router, topology);
      const found: ConfigurationFinding[] = [];
      if (way.helpers.length > 0 && !way.helpers.some((ruled) => coversPorts(ruled, control))) {
        found.push({
          line: lineOf(text, portLine),
          severity: "warning",
          text: `The FTP helper on ${router.id} follows ${way.helpers.map(portsText).join(" and ")}, and the server listens on port ${control.first}: it reads nothing of these sessions.`,
          remedy: `Attach it to port ${control.first} too.`,
        });
      }
      if (way.forwards.length > 0 && !way.forwards.some((forward) => reaches(forward, control))) {
        found.push({
          line: lineOf(text, portLine),
          severity: "warning",
          text: `${router.id} forwards nothing to port ${control.first}, on which the server listens.`,
          remedy: `Forward port ${control.first} on ${router.id}.`,
        });
      }
      const target = way.forwards.find((forward) => coversPorts(forward.ports, control))?.to;
      const forwarded = way.forwards.filter(({ to }) => to === target);
      if (target === undefined || forwarded.some((forward) => forward.ports === null)) return found;
      const all = forwarded.flatMap((forward) => forward.ports ?? []);
      if (coversPorts(all, range)) return found;
      const others = all.filter(({ first, last }) => last > first && first > 1023);
      const instead = others.length === 0 ? "no range" : portsText(others);
      found.push({
        line: lineOf(text, /^\s*(passiveports\s|pasv_min_port=)/i),
        severity: "warning",
        text: `${router.id} forwards ${instead} to the server, whose passive ports are ${portsText([range])}${ports.passive === null ? ", since no range is set" : ""}: passive transfers under TLS fail.`,
        remedy:
          ports.passive === null
            ? `Set a range, and forward it on ${router.id} port for port.`
            : others[0] === undefined
              ? `Forward ${portsText([range])} on ${router.id} port for port.`
              : `Make the two the same: ${portsText([others[0]])} in the configuration, or ${portsText([range])} on ${router.id}.`,
      });
      return found;
    }),
  );
}

function wayOf(router: RouterNode, { family }: Topology): Way {
  const { userRules, helperPorts, portForwards } = router;
  if (userRules === undefined) {
    return {
      helpers: helperPorts.map((port) => [{ first: port, last: port }]),
      forwards: portForwards.map(({ ports, to, toFirstPort }) => ({
        ports,
        to,
        shifted: shiftedTo(ports, toFirstPort),
      })),
    };
  }
  const rules = parseRules([userRules, ...(userRules.further ?? [])].map(({ text }) => text).join("\n"), family);
  return {
    helpers: rules.helpers.flatMap(({ ports, attaches }) => (attaches === "ftp" ? [ports] : [])),
    forwards: rules.destinationNats.flatMap(({ ports, toAddress, toPorts }) =>
      toAddress === null ? [] : [{ ports, to: toAddress, shifted: toPorts }],
    ),
  };
}

function shiftedTo([range]: readonly PortRange[], first: number | undefined): PortRange | null {
  return first === undefined || range === undefined ? null : { first, last: first + range.last - range.first };
}

function reaches({ ports, shifted }: Forward, wanted: PortRange): boolean {
  return shifted === null ? coversPorts(ports, wanted) : coversPorts([shifted], wanted);
}

function portsText(ranges: readonly PortRange[] | null): string {
  if (ranges === null) return "all ports";
  const one = ({ first, last }: PortRange): string => (first === last ? `port ${first}` : `${first}-${last}`);
  return ranges.map(one).join(", ");
}

/** The first line that a pattern finds; else the first of all. */
function lineOf(text: string, pattern: RegExp): number {
  return Math.max(1, text.split("\n").findIndex((line) => pattern.test(line)) + 1);
}
