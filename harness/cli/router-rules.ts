import { NetworkCatalog } from "../catalog/conditions/network-catalog";
import { readUserFile } from "../inputs/load";
import { misfitOf, namesIn, type Stranger } from "../inputs/rules/fit";
import { nameMapIn, withNameMaps, type NameMap } from "../inputs/rules/map";
import { partnerOf } from "../inputs/rules/partners";
import { isRulesProblem, readRules } from "../inputs/rules-text";
import { UsageError } from "../model/errors";
import { attachmentsOf, familyOf, ownRulesOf } from "../model/network";
import type { RulesFile, Topology } from "../model/topology";
import { rulesFamily, rulesFilesOf, withUserRules, type RulesAssignment } from "../plan/user-rules";
import type { Catalog } from "../plan/planned-cells";
import { counted } from "../text/quantity";
import type { UserFiles } from "./user-files";

/**
 * The catalog with users' own rules on routers and hosts of the given topologies. Orders are `FILE` or `NODE=FILE`.
 * @param notice is told what rules name in vain without any bearing on FTP
 * @throws UsageError for a file that cannot be read or is no ruleset, where a topology has no such node, and for rules that FTP's way
 *   depends on and that are about other machines than the network has.
 */
export function withRouterRules(
  catalog: Catalog,
  selected: ReadonlySet<string>,
  { routerRules, map }: Pick<UserFiles, "routerRules" | "map">,
  notice: (text: string) => void = () => undefined,
): Catalog {
  const assignments = routerRules.map(readAssignment);
  const maps = map.map(readMap);
  // The same files stand at each of a network's positions.
  const told = new Set<string>();
  const tell = (text: string): void => {
    if (!told.has(text)) notice(text);
    told.add(text);
  };
  // Conditions are applied to what is in the files.
  const files = new Set([...selected].map((id) => id.split("+", 1)[0]));
  const topologies = new NetworkCatalog(
    catalog.topologies.files().map((topology) => {
      if (!files.has(topology.id)) return topology;
      const changed = mapped(placed(topology, assignments), maps);
      refuseMisfits(changed, tell);
      return changed;
    }),
  );
  return { ...catalog, topologies };
}

function placed(topology: Topology, assignments: readonly RulesAssignment[]): Topology {
  if (assignments.length === 0) return topology;
  const changed = withUserRules(topology, assignments);
  if (typeof changed !== "string") return changed;
  throw new UsageError(`--router-rules: ${changed}.`, {
    code: "rules-misplaced",
    hint: "Choose topologies that have such a node, for example with --topology.",
  });
}

function mapped(topology: Topology, maps: readonly NameMap[]): Topology {
  if (maps.length === 0) return topology;
  const changed = withNameMaps(topology, maps);
  if (typeof changed !== "string") return changed;
  throw new UsageError(`--map: ${topology.id}: ${changed}.`, { code: "rules-map" });
}

/** Rules that are about other machines would let everything fail, or nothing, and say nothing of FTP. */
function refuseMisfits(topology: Topology, notice: (text: string) => void): void {
  for (const { node, rules } of ownRulesOf(topology)) {
    const files = rulesFilesOf(rules);
    refuseOtherFamily(topology, node, files);
    const { decisive: deciding, others } = misfitOf(topology, node, files);
    const absent = new Set(rules.absent ?? []);
    for (const line of notes(
      node,
      others.filter(({ name }) => !absent.has(name)),
    ))
      notice(line);
    for (const { name, file, line } of deciding.filter((stranger) => absent.has(stranger.name)))
      notice(`${file}:${line}: no node has ${name}, as in your files, so this rule matches nothing.`);
    const decisive = deciding.filter(({ name }) => !absent.has(name));
    if (decisive.length === 0) continue;
    const named = new Set(files.flatMap((file) => [...namesIn([file])]));
    const partners = decisive.map((stranger) => ({
      stranger,
      partner: partnerOf(topology, node, stranger, named),
    }));
    const maps = partners.flatMap(({ stranger, partner }) =>
      partner === null ? [] : [`--map ${written(stranger)}=${partner}`],
    );
    const own = attachmentsOf(topology, node).map((attachment) => `${attachment.interface} (${attachment.address})`);
    throw new UsageError(
      [
        `The rules do not fit ${topology.id}: FTP depends on names that ${node} does not have.`,
        ...partners.map(({ stranger, partner }) => `  ${sentence(stranger, partner)}`),
      ].join("\n"),
      {
        code: "rules-misfit",
        hint:
          maps.length === partners.length
            ? `Say what they stand for: ${maps.join(" ")}`
            : `${node} has ${own.join(" and ")}. Say which of them is meant: --map THEIRS=OURS; or let \`import\` make the network of your own files.`,
      },
    );
  }
}

function refuseOtherFamily(topology: Topology, node: string, files: readonly RulesFile[]): void {
  const family = familyOf(topology, node);
  const other = files.find(({ text }) => (rulesFamily(text) ?? family) !== family);
  if (other === undefined) return;
  const [theirs, ours] = family === "ipv4" ? ["IPv6", "IPv4"] : ["IPv4", "IPv6"];
  throw new UsageError(`${other.file}: the rules are for ${theirs}, and ${node} of ${topology.id} has ${ours}.`, {
    code: "rules-misfit",
    hint: `Give what ${family === "ipv4" ? "iptables-save" : "ip6tables-save"} prints, or choose a network of ${theirs} with --topology.`,
  });
}

const roleWords: Readonly<Record<NonNullable<Stranger["role"]>, string>> = {
  outside: ", the outer side at home",
  inside: ", the inner side at home",
  server: ", where connections are forwarded to",
  dialled: ", the address that is forwarded",
};

function sentence(stranger: Stranger, partner: string | null): string {
  const { kind, file, line, role } = stranger;
  const what = `${file}:${line}: the ${kind} ${written(stranger)}${role === null ? "" : roleWords[role]}`;
  return partner === null ? what : `${what}; likely ${partner} here`;
}

/** iptables writes `ppp+` for what nft writes as `ppp*`. */
function written({ name }: Stranger): string {
  return name.replace(/\*$/, "+");
}

/** One line a file: what it names in vain is much, where it is much. */
function notes(node: string, others: readonly Stranger[]): readonly string[] {
  const most = 5;
  return [...new Set(others.map(({ file }) => file))].map((file) => {
    const strangers = others.filter((other) => other.file === file);
    const shown = strangers.slice(0, most).map((stranger) => `${written(stranger)} (line ${stranger.line})`);
    const rest = strangers.length > most ? ` and ${counted(strangers.length - most, "other name")}` : "";
    return (
      `${file}: ${node} does not have ${shown.join(", ")}${rest}; rules for them match nothing here, and FTP ` +
      `does not depend on them.`
    );
  });
}

function readAssignment(assignment: string): RulesAssignment {
  const [, node = null, file = assignment] = /^([a-z][a-z0-9-]*)=(.+)$/.exec(assignment) ?? [];
  return { node, rules: rulesIn(file) };
}

function readMap(text: string): NameMap {
  const read = nameMapIn(text);
  if (!("problem" in read)) return read;
  throw new UsageError(`--map: ${read.problem}.`, {
    code: "rules-map",
    hint: "Such as --map pppoe-wan=internet, or --map 10.0.0.5=192.168.10.10.",
  });
}

function rulesIn(file: string): RulesFile {
  const bytes = readUserFile(file);
  if ("problem" in bytes) {
    throw new UsageError(`--router-rules: ${file} ${bytes.problem}.`, { code: "rules-unreadable" });
  }
  const read = readRules(bytes, file);
  if (!isRulesProblem(read)) return read;
  const { message, line, hint } = read;
  throw new UsageError(`--router-rules: ${file}${line === null ? "" : `:${line}`}: it ${message}.`, {
    code: "rules-unknown",
    hint,
  });
}
