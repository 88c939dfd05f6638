import { readAddress, readPort } from "../../../../evidence/text/lines";
import type { Rule } from "../../../../evidence/text/rule-words";
import type { FactBody } from "../speaker-form";

export type RuleFact = Extract<FactBody, { kind: "rule" }>;
/** Where a rule stands. */
export type RuleSpot = Pick<RuleFact, "chain" | "table">;

/** A rule that asks nothing, to be filled in. */
export const anyRule: Omit<RuleFact, "chain" | "table" | "action"> = {
  kind: "rule",
  isPolicy: false,
  protocol: null,
  ports: [],
  states: [],
  source: null,
  destination: null,
  target: null,
};

/** A router's FTP helper, and the ports that it follows. */
export function helperFact(ports: RuleFact["ports"]): RuleFact {
  return { ...anyRule, chain: null, table: null, action: "helper", ports, helper: "ftp" };
}

const actions: ReadonlyMap<string, RuleFact["action"]> = new Map([
  ["ACCEPT", "accept"],
  ["DROP", "drop"],
  ["REJECT", "reject"],
  ["DNAT", "dnat"],
  ["REDIRECT", "dnat"],
  ["SNAT", "snat"],
  ["MASQUERADE", "masquerade"],
  ["NOTRACK", "notrack"],
  ["LOG", "log"],
  ["NFLOG", "log"],
  ["ULOG", "log"],
]);

/** A rule as a fact; none where it asks for more than a fact holds, or leads to another chain. */
export function ruleFacts(
  { match, target, options }: Rule,
  spot: RuleSpot,
  protocol: string | null,
): readonly RuleFact[] {
  const helper = target === "CT" ? options.get("--helper") : undefined;
  const isUntracked = target === "CT" && options.has("--notrack");
  const action = helper === undefined ? (isUntracked ? "notrack" : (actions.get(target ?? "") ?? null)) : "helper";
  if (action === null || match.conditional) return [];
  return [
    {
      ...anyRule,
      ...spot,
      action,
      protocol,
      ports: (match.ports ?? []).map(({ first, last }) => [first, last] as const),
      states: match.isForwarded === true ? ["DNAT"] : (match.states ?? []),
      source: match.source,
      destination: match.destination,
      target: targetOf(options.get("--to-destination") ?? options.get("--to")),
      ...(match.inLink === null ? {} : { in: match.inLink }),
      ...(match.outLink === null ? {} : { out: match.outLink }),
      ...named(helper ?? match.helper),
    },
  ];
}

function named(helper: string | null): Partial<RuleFact> {
  return helper === null ? {} : { helper };
}

/** `192.0.2.1`, `192.0.2.1:21`, `192.0.2.1:50000-50999`; of a range of ports none is named. */
export function targetOf(text: string | undefined): RuleFact["target"] {
  const [, bracketed, plain, port] =
    /^(?:\[([0-9a-f:.]+)\]|([\d.]+))(?::(\d{1,5})(?:-\d{1,5})?)?$/i.exec(text ?? "") ?? [];
  const address = readAddress(bracketed ?? plain);
  return address === null ? null : { address, port: text?.includes("-") === true ? null : readPort(port) };
}

/** A chain's policy. */
export function policyFact(spot: RuleSpot, policy: string): RuleFact | null {
  const action = actions.get(policy.toUpperCase()) ?? null;
  return action === null ? null : { ...anyRule, ...spot, action, isPolicy: true };
}
