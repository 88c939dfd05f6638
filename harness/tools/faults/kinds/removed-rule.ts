import type { CauseId } from "../../../model/ids";
import { expectedFrom } from "../../../plan/expected";
import { renderRuleset, tablesCommand } from "../../../plan/ruleset";
import { routersOf } from "../../../model/network";
import type { RouterNode } from "../../../model/topology";
import { causesOfLoss } from "../oracle/lost-causes";
import { isPassiveCell } from "../place";
import type { Random } from "../../random";
import type { Base, FaultKind, Findings } from "./definition";

/** A rule that the network needs: taken away, or with another port or address in it. */
export const removedRule: FaultKind = {
  id: "removed-rule",
  weight: 14,
  draw: (base, random) => {
    const choices = routersOf(base.topology)
      .filter(({ userRules, make }) => userRules === undefined && make.helperBy === "iptables")
      .flatMap((router) => rulesOf(base, router).map((saved) => ({ router, saved })));
    if (choices.length === 0) return null;
    const { router, saved } = random.pick(choices);
    const command = `${tablesCommand(base.topology, router)} -w -t ${saved.table}`;
    const other = random.chance(0.5) ? alteredOf(saved.rule, random) : null;
    const lines =
      other === null
        ? [`${command} -D ${saved.rule}`]
        : // In its place among the others.
          [
            `at=$(${command} -S ${chainOf(saved.rule)} | grep '^-A' | grep -nF -- "$(${command} -S ${chainOf(saved.rule)} | grep '^-A' | sed -n '${saved.number}p')" | head -n 1 | cut -d : -f 1)`,
            `${command} -R ${chainOf(saved.rule)} $at ${other.replace(/^\S+ /, "")}`,
          ];
    return {
      what: `${router.id}: -t ${saved.table} ${other === null ? `-D ${saved.rule}` : `-A ${saved.rule} became -A ${other}`}`,
      node: router.id,
      changes: [{ kind: "network", node: router.id, lines }],
      rule: null,
      truth: (found) => {
        const causes = causesOf(saved, other, router, found, base);
        // A packet that leaves with a private source is lost if no node can answer it, and one that comes to another server is refused
        // there.
        const isElsewhere =
          saved.role === "masquerade" || saved.role === "source" || causes.includes("data-connection-to-other-server");
        return { causes, nodes: isElsewhere ? everyNode(base) : [router.id], quotesRule: false };
      },
    };
  },
};

/** `rule` begins with its chain; `number` counts the chain's rules from 1. */
type Saved = { readonly table: string; readonly rule: string; readonly number: number; readonly role: Role };

type Role = "helper" | "related" | "established" | "forward" | "masquerade" | "source" | "allow";

function rulesOf({ topology }: Base, router: RouterNode): readonly Saved[] {
  let table = "";
  const counts = new Map<string, number>();
  return renderRuleset(topology, router)
    .text.split("\n")
    .flatMap((line): Saved[] => {
      if (line.startsWith("*")) table = line.slice(1);
      if (!line.startsWith("-A ")) return [];
      const rule = line.slice(3);
      const key = `${table} ${chainOf(rule)}`;
      const number = (counts.get(key) ?? 0) + 1;
      counts.set(key, number);
      const role = roleOf(rule);
      return role === null ? [] : [{ table, rule, number, role }];
    });
}

function chainOf(rule: string): string {
  return rule.split(" ", 1)[0] ?? "";
}

function roleOf(rule: string): Role | null {
  if (rule.includes("--helper ftp")) return "helper";
  if (rule.includes("-j DNAT")) return "forward";
  if (rule.includes("-j MASQUERADE")) return "masquerade";
  if (rule.includes("-j SNAT")) return "source";
  if (!rule.startsWith("FORWARD ")) return null;
  if (rule.includes("--ctstate RELATED ")) return "related";
  if (rule.includes("--ctstate ESTABLISHED ")) return "established";
  return rule.includes("--ctstate NEW ") ? "allow" : null;
}

/** The rule with another port, or leading to another address; `null` if it has neither. */
function alteredOf(rule: string, random: Random): string | null {
  const helper = /--dport (\d+) -j CT/.exec(rule);
  if (helper !== null) return rule.replace(`--dport ${helper[1] ?? ""}`, `--dport ${random.pick([20, 210, 2121])}`);
  if (rule.includes("--to-destination") && random.chance(0.5)) {
    return rule.replace(/(--to-destination (?:\d+\.){3})\d+/, "$1250");
  }
  const range = /(\d{5}):(\d{5})/.exec(rule);
  if (range !== null && !rule.includes("--to-destination :")) {
    return rule.replace(range[0], `${Number(range[1]) - 10_000}:${Number(range[2]) - 10_000}`);
  }
  return null;
}

function causesOf(
  { role }: Saved,
  altered: string | null,
  router: RouterNode,
  { loss }: Findings,
  base: Base,
): readonly CauseId[] {
  const place = { node: router.id, role: "router" } as const;
  const policy: readonly CauseId[] = loss === null ? [] : causesOfLoss(loss, "policy", place, base);
  switch (role) {
    case "helper":
      // Where a filter lets nothing out, the prediction calls it that.
      return [altered === null ? "no-helper" : "helper-not-on-port", ...predictedWithout(router, base)];
    case "related":
      return ["related-not-accepted"];
    case "established":
      return policy;
    case "allow":
      return policy;
    case "forward":
      if (loss?.connection === "control") return ["port-unreachable"];
      return altered === null ? ["passive-port-not-forwarded"] : causesOfDnat(loss !== null);
    case "masquerade":
    case "source":
      // What leaves with a private source is not answered, or the answer goes astray.
      if (loss?.connection === "control") return ["return-route-missing", "answer-lost-on-return"];
      return isPassiveCell(base)
        ? ["return-route-missing", "answer-lost-on-return"]
        : ["return-route-missing", "answer-lost-on-return", "active-address-refused"];
  }
}

function causesOfDnat(isLost: boolean): readonly CauseId[] {
  return isLost ? ["passive-port-not-forwarded", "data-connection-to-other-server"] : ["passive-port-not-forwarded"];
}

function everyNode({ topology }: Base): readonly string[] {
  return topology.nodes.map(({ id }) => id);
}

/** What is predicted of the cell once this router does not follow FTP. */
function predictedWithout(router: RouterNode, { planned, topology, profile }: Base): readonly CauseId[] {
  const nodes = topology.nodes.map((node) => (node.id === router.id ? { ...router, helperPorts: [] } : node));
  const { cause } = expectedFrom(planned.cell, { topology: { ...topology, nodes }, server: profile });
  return cause === null ? [] : [cause];
}
