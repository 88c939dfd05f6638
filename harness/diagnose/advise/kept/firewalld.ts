/** firewalld's zones, by `firewall-cmd` (firewall-cmd(1), firewalld.richlanguage(5)). */
import { ownedTables } from "../../../evidence/text/nft/owned";
import { dashed, type Done, type Forward, type Pass } from "./done";
import { isMadeBy, madeZoneOf } from "./made-by";
import { escapePattern } from "../../../text/patterns";
import { isForwarded, loadModule, type Machine, type Tool } from "./tool";

const name = "firewalld";

export const firewalld: Tool = {
  name,
  wrote: (rules) =>
    /^table inet firewalld\b|\b(?:IN|PRE)_public\b|INPUT_(?:ZONES|POLICIES)\b/m.test(rules) || isMadeBy(name, rules),
  words: (done, machine) => wordsFor(done, machine),
  loads: ["firewall-cmd --reload"],
  place: "in a script that runs after firewalld",
  isAlone: (rules) => ownedTables(rules).has("inet firewalld"),
};

function wordsFor(done: Done, machine: Machine): readonly string[] | null {
  switch (done.kind) {
    case "take":
      return zonesOf(machine).flatMap((zone) => say(zone, `--add-port=${dashed(done.ports)}/tcp`));
    case "pass":
      return isForwarded(done, machine, wordsFor) ? [] : passWords(done, machine);
    case "forward":
      return forwardWords(done, machine);
    // With nftables, a service's helper is attached to what is for the host itself, and not to what is forwarded.
    case "helper":
      return done.port === "21" && /^:PRE_\w+_allow\b/m.test(machine.rules)
        ? zonesOf(machine).flatMap((zone) => say(zone, "--add-service=ftp"))
        : null;
    case "module":
      return loadModule(done.name);
    case "frame":
      return [];
    case "hide":
      return null;
  }
}

/** Between zones, policies decide (firewalld.policies(5), since 0.9). */
function passWords({ from, out, source, destination, ports }: Pass, { rules }: Machine): readonly string[] | null {
  const [ingress, egress] = [zoneOf(rules, from), zoneOf(rules, out ?? "")];
  if (!rules.includes("_policy_") || ingress === null || egress === null) return null;
  const range = dashed(ports);
  const policy = `firewall-cmd --permanent --policy=ftp-${range}`;
  const [who, whom] = [
    source === null ? "" : ` source address="${source}"`,
    destination === null ? "" : ` destination address="${destination}"`,
  ];
  return [
    `firewall-cmd --permanent --new-policy=ftp-${range}`,
    `${policy} --add-ingress-zone=${ingress}`,
    `${policy} --add-egress-zone=${egress}`,
    `${policy} --add-rich-rule='rule family="ipv4"${who}${whom} port port="${range}" protocol="tcp" accept'`,
  ];
}

/** A zone's forward asks for no address: where the zone leads out, the line has to ask for the one that is dialled. */
function forwardWords({ on, dialled, ports, to, toPort }: Forward, { rules }: Machine): readonly string[] | null {
  const zone = zoneOf(rules, on);
  const range = dashed(ports);
  if (isHidden(rules, zone, on)) {
    const port = toPort === null ? "" : `:toport=${toPort}`;
    return say(zone, `--add-forward-port=port=${range}:proto=tcp${port}:toaddr=${to}`);
  }
  if (dialled === null) return null;
  const port = toPort === null ? "" : ` to-port="${toPort}"`;
  const rule = `rule family="ipv4" destination address="${dialled}" forward-port port="${range}" protocol="tcp"${port} to-addr="${to}"`;
  return say(zone, `--add-rich-rule='${rule}'`);
}

/** Without a zone, `firewall-cmd` means the default one. */
function say(zone: string | null, word: string): readonly string[] {
  return [`firewall-cmd --permanent${zone === null ? "" : ` --zone=${zone}`} ${word}`];
}

/** The zones by which clients come. */
function zonesOf({ rules, arrivals }: Machine): readonly (string | null)[] {
  const zones = arrivals.map((link) => zoneOf(rules, link));
  return zones.length === 0 ? [zoneOf(rules, "")] : [...new Set(zones)];
}

const zoneName = "(?!policy_)([A-Za-z][\\w-]*)";

/** An interface's zone; of one that no line names, the default one, to which the last jumps lead. */
function zoneOf(rules: string, link: string): string | null {
  const own = escapePattern(link);
  const named = new RegExp(
    `(?:iifname "${own}" (?:goto|jump)|-i ${own} -[gj]) (?:[a-z]+_)?(?:PRE|IN|FWDI)_${zoneName}`,
  ).exec(rules);
  // The chains are called ZONES or POLICIES, and entered by a jump or a goto, as firewalld's version is.
  const rest = new RegExp(
    `chain filter_INPUT_(?:ZONES|POLICIES) \\{[^}]*^\\s*(?:goto|jump) filter_IN_${zoneName}$|^-A INPUT_(?:ZONES|POLICIES) -[gj] IN_${zoneName}$`,
    "m",
  ).exec(rules);
  return named?.[1] ?? madeZoneOf(rules, link) ?? rest?.[1] ?? rest?.[2] ?? null;
}

/** Whether whatever leaves by a zone is hidden. */
function isHidden(rules: string, zone: string | null, link: string): boolean {
  const own = escapePattern(zone ?? "");
  return (
    new RegExp(`-A POST_${own}_allow .*-j MASQUERADE|-A POSTROUTING -o ${escapePattern(link)} -j MASQUERADE`).test(
      rules,
    ) || new RegExp(`chain nat_POST_${own}_allow \\{[^}]*masquerade`).test(rules)
  );
}
