/** Turns commands of iptables, or their equivalents, into the text of iptables-save. */
import type { Piece } from "../pieces/piece";
import type { Origin } from "../place";
import { written } from "./iptables-words";

type Rule = { readonly text: string; readonly from: Origin };
type Chain = { policy: string; readonly from: Origin; rules: Rule[] };

const builtIn: Readonly<Record<string, readonly string[]>> = {
  filter: ["INPUT", "FORWARD", "OUTPUT"],
  nat: ["PREROUTING", "INPUT", "OUTPUT", "POSTROUTING"],
  mangle: ["PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"],
  raw: ["PREROUTING", "OUTPUT"],
  security: ["INPUT", "FORWARD", "OUTPUT"],
};

/** Tables under construction. */
export class RulesBuilder {
  readonly #tables = new Map<string, Map<string, Chain>>();

  chain(table: string, name: string, from: Origin): Chain {
    const chains = this.#tables.get(table) ?? new Map<string, Chain>();
    this.#tables.set(table, chains);
    for (const own of builtIn[table] ?? []) {
      if (chains.size < (builtIn[table]?.length ?? 0) && !chains.has(own))
        chains.set(own, { policy: "ACCEPT", from, rules: [] });
    }
    const known = chains.get(name) ?? { policy: "-", from, rules: [] };
    chains.set(name, known);
    return known;
  }

  setPolicy(table: string, chain: string, policy: string, from: Origin): void {
    this.chain(table, chain, from).policy = policy;
  }

  /** `at` counts from 1; left out, behind all others. */
  add(table: string, chain: string, words: readonly string[], from: Origin, at?: number): void {
    const rule = { text: `-A ${[chain, ...words].map(written).join(" ")}`, from };
    const { rules } = this.chain(table, chain, from);
    if (at === undefined) rules.push(rule);
    else rules.splice(at - 1, 0, rule);
  }

  /** Removes the first rule that says the same. */
  remove(table: string, chain: string, words: readonly string[], from: Origin): void {
    const text = `-A ${[chain, ...words].map(written).join(" ")}`;
    const { rules } = this.chain(table, chain, from);
    const at = rules.findIndex((rule) => rule.text === text);
    if (at >= 0) rules.splice(at, 1);
  }

  flush(table: string, chain: string | null): void {
    for (const [name, known] of this.#tables.get(table) ?? []) if (chain === null || chain === name) known.rules = [];
  }

  get isEmpty(): boolean {
    return this.#tables.size === 0;
  }

  /**
   * All of it as a piece; each line knows where it was made from.
   * @param remark a line that comes first
   */
  toPiece(piece: Piece, remark?: string): Piece {
    const lines: string[] = [];
    const origins: Origin[] = [];
    const put = (line: string, from: Origin): void => {
      lines.push(line);
      origins.push(from);
    };
    if (remark !== undefined) put(remark, piece.from);
    for (const [table, chains] of this.#tables) {
      put(`*${table}`, piece.from);
      for (const [name, { policy, from }] of chains) put(`:${name} ${policy} [0:0]`, from);
      for (const { rules } of chains.values()) for (const { text, from } of rules) put(text, from);
      put("COMMIT", piece.from);
    }
    return { ...piece, kind: "iptables-save", lines, origins };
  }
}
