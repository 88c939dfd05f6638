import type { PortRange } from "../../model/topology";
import type { BaseChain } from "./base-chains";
import { readAddress } from "./lines";
import { afterTaking, reachedRules, type ReachedRule } from "./rule-chain";
import { readPortRanges, type RuleMatch } from "./rule-match";
import type { RulePlace } from "./nft/ruleset";

/** `-j DNAT` or `-j REDIRECT` before routing; `dnat to` and `redirect` of nftables. The first that matches decides. */
export type DestinationNat = RuleMatch & {
  /** `null`: the router itself (REDIRECT), or the address stays. */
  readonly toAddress: string | null;
  /** `null`: the port stays. */
  readonly toPorts: PortRange | null;
  readonly place?: RulePlace;
};

/** `-j MASQUERADE` or `-j SNAT` after routing. */
export type SourceNat = RuleMatch & {
  readonly kind: "MASQUERADE" | "SNAT";
  /** First address of SNAT; `null` for MASQUERADE. */
  readonly toAddress: string | null;
  readonly place?: RulePlace;
};

const natTargets: ReadonlySet<string> = new Set(["ACCEPT", "DROP", "DNAT", "REDIRECT", "SNAT", "MASQUERADE"]);

/** NAT rules of a hook, in their order; an ACCEPT among them exempts packets from all that follow in its chain. */
function natRules(chains: readonly BaseChain[], hook: "PREROUTING" | "POSTROUTING"): readonly ReachedRule[] {
  return chains
    .filter((chain) => chain.isNat && chain.hook === hook)
    .flatMap(({ source, name }) => {
      const { rules, last } = reachedRules(source, name, (target) => natTargets.has(target));
      const all = last === null ? rules : [...rules, last];
      return [...afterTaking(all, ({ target }) => target === "ACCEPT" || target === "DROP")];
    });
}

/** What translates destinations before routing; `chains` are in the order of their priorities. */
export function destinationNatsIn(chains: readonly BaseChain[]): readonly DestinationNat[] {
  return natRules(chains, "PREROUTING").flatMap(({ match: asked, target, options, place }): DestinationNat[] => {
    const match = place === undefined ? asked : { ...asked, place };
    if (target === "REDIRECT") {
      const ports = options.get("--to-ports");
      const toPorts = ports === undefined ? null : readTargetPorts(ports);
      return [
        {
          ...match,
          conditional: match.conditional || toPorts === undefined,
          toAddress: null,
          toPorts: toPorts ?? null,
        },
      ];
    }
    if (target !== "DNAT") return [];
    const to = readTarget(options.get("--to-destination"));
    return [{ ...match, conditional: match.conditional || !to.plain, toAddress: to.address, toPorts: to.ports }];
  });
}

/** What translates sources after routing. */
export function sourceNatsIn(chains: readonly BaseChain[]): readonly SourceNat[] {
  return natRules(chains, "POSTROUTING").flatMap(({ match: asked, target, options, place }): SourceNat[] => {
    const match = place === undefined ? asked : { ...asked, place };
    if (target === "MASQUERADE") return [{ ...match, kind: target, toAddress: null }];
    if (target !== "SNAT") return [];
    return [{ ...match, kind: target, toAddress: readTarget(options.get("--to-source")).address }];
  });
}

type Target = {
  readonly address: string | null;
  readonly ports: PortRange | null;
  /** Nothing but one address and its ports, all of it read. */
  readonly plain: boolean;
};

/** `192.0.2.1`, `192.0.2.1:50000-50999`, `[2001:db8::1]:21`, `:2121`; of a range of addresses the first. */
function readTarget(text: string | undefined): Target {
  const nothing: Target = { address: null, ports: null, plain: false };
  if (text === undefined || text.length > 200) return nothing;
  const [, bracketed, bare, portText] = /^(?:\[([^\]]*)\]|([^:]*))(?::([^:]*))?$/.exec(text) ?? [];
  // IPv6 without ports goes without brackets.
  const [addresses = "", ports] =
    bracketed === undefined && bare === undefined ? [text] : [bracketed ?? bare, portText];
  const [first = "", ...others] = addresses.split("-");
  const address = readAddress(first);
  const toPorts = ports === undefined ? null : readTargetPorts(ports);
  const known = address !== null || (addresses === "" && ports !== undefined);
  return { address, ports: toPorts ?? null, plain: known && others.length === 0 && toPorts !== undefined };
}

/** `2121` or `50000-50999`; `undefined` when it cannot be read, shifted ranges (`50000-50999/60000`) included. */
function readTargetPorts(text: string): PortRange | undefined {
  return /^\d+(-\d+)?$/.test(text) ? readPortRanges(text.replace("-", ":"))?.[0] : undefined;
}
