import type { Stage } from "../model/axes";
import type { FlowTuple, TraceStep } from "../model/evidence";
import type { PortRange } from "../model/topology";
import { refusesPort, rejectsAddress } from "./predicates";
import type { Observations, Stop } from "./observations";

/** `203.0.113.1:50000`, `[2001:db8::1]:50000`; only the port if the address is not known. */
export function place(address: string | null, port: number | null): string {
  if (port === null) return address ?? "an unknown address";
  if (address === null) return `port ${port}`;
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}

/** `203.0.113.32:40000 to 203.0.113.1:50000`. */
export function flow({ source, sourcePort, destination, destinationPort }: FlowTuple): string {
  return `${place(source, sourcePort)} to ${place(destination, destinationPort)}`;
}

/** `50000:50999`, as iptables writes ranges. */
export function ports({ first, last }: PortRange): string {
  return first === last ? String(first) : `${first}:${last}`;
}

/** The line that a helper would have to read: `227 reply`, `PORT command`. */
export function announcement({ data }: Observations): string {
  return { pasv: "227 reply", epsv: "229 reply", port: "PORT command", eprt: "EPRT command" }[data];
}

/** Who opens the data connection and where to, as a noun phrase. */
export function dataConnection({ passive, dialled, advertised, control }: Observations): string {
  const target = passive
    ? place(dialled?.address ?? control.peer, dialled?.port ?? advertised?.port ?? null)
    : place(control.client, advertised?.port ?? null);
  return passive
    ? `the client's data connection to ${target}`
    : `the server's data connection to the client (${target})`;
}

/** `the rule "-A FORWARD ..."` or `the policy of FORWARD`. */
export function decider({ chain, rule }: Pick<TraceStep, "chain" | "rule">): string {
  return rule === null ? `the policy of ${chain}` : `the rule "${rule}" in ${chain}`;
}

/** What happened to the data connection's SYN, as a clause; `null` if unknown. */
export function ending(stop: Stop, passive: boolean): string | null {
  switch (stop.kind) {
    case "blocked": {
      const { router, chain, silent } = stop;
      const verb = silent ? "dropped" : "rejected";
      const { syn } = router;
      const by = syn.kind === "blocked" ? ` by ${decider(syn.step)}` : `, as its rules say of ${chain}`;
      return chain === "INPUT"
        ? `${router.id} treated it as addressed to itself, since nothing forwards that port, and ${verb} it${by}`
        : `${router.id} ${verb} it${by}`;
    }
    case "own":
      return `${stop.router.id} treated it as addressed to itself, since nothing forwards that port, and nothing listens there`;
    case "lost":
      return `it reached ${stop.router.id} and went no further, and no traced rule stopped it`;
    case "unseen":
      return `no SYN of it reached ${stop.router.id}`;
    case "passed":
      return `every router let it through, and ${passive ? "the server's" : "the client's"} end did not answer`;
    case "unknown":
      return null;
  }
}

/** What happened to it, as a sentence with a leading space; "" if unknown. */
export function endingSentence(seen: Observations): string {
  const { advertised, replyCode } = seen;
  if (rejectsAddress(seen)) {
    return ` The 227 reply reached the client with ${place(advertised?.address ?? null, advertised?.port ?? null)}, and the client rejected that address.`;
  }
  if (refusesPort(seen)) {
    return ` The server was told to connect to ${place(seen.logged?.address ?? advertised?.address ?? null, advertised?.port ?? null)} and refused (${String(replyCode)}).`;
  }
  // That rules would let it pass is no witness of its passing.
  const isGuess = seen.stop.kind === "passed" && seen.routers.some(({ syn }) => syn.kind === "unrecorded");
  const clause = seen.routers.length === 0 || isGuess ? null : ending(seen.stop, seen.passive);
  return clause === null ? "" : ` ${sentence(dataConnection(seen))}: ${clause}.`;
}

/** Words for a person who does not know stage ids. */
export function stageWords(stage: Stage): string {
  return {
    "control-connect": "when the control connection was opened",
    greeting: "before the server's greeting",
    "auth-tls": "when TLS was to start",
    certificate: "when the certificate was checked",
    login: "at login",
    protection: "when data protection was agreed",
    ccc: "at CCC",
    "data-command": "at the data command",
    "data-connect": "when the data connection was opened",
    "data-tls": "when TLS was to start on the data connection",
    transfer: "in the transfer",
    completion: "after the data, before the server's confirmation",
    integrity: "when the files were compared",
  }[stage];
}

/** With a capital. */
export function sentence(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** `a`, `a and b`, `a, b and c`. */
export function listed(items: readonly string[]): string {
  return items.length < 2 ? items.join("") : `${items.slice(0, -1).join(", ")} and ${items.at(-1) ?? ""}`;
}
