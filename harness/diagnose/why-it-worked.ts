import type { Observations, RouterView } from "./observations";
import { announcement, decider, listed, place } from "./words";

/** What let the data connection through, router by router; never empty. */
export function whyItWorked(seen: Observations): string {
  const { routers, passive, routersMissing } = seen;
  if (routers.length === 0) {
    return routersMissing
      ? "The session worked; what let its data connection through was not recorded."
      : "Nothing was in the way: no router stands between client and server.";
  }
  const inOrder = passive ? routers : routers.toReversed();
  const openings = inOrder.map((router) => opening(router, seen));
  return `The data connection passed: ${listed(openings)}.${reading(seen)}`;
}

/** Whether the rule lets only what a helper expects, and what belongs to it, through. */
function isRelated(rule: string | null): boolean {
  return rule !== null && /\bRELATED\b/.test(rule) && !/\bNEW\b/.test(rule);
}

function opening(router: RouterView, seen: Observations): string {
  const { id, syn, expectations } = router;
  if (syn.kind !== "passed") {
    const [expectation] = expectations;
    return expectation === undefined
      ? `what ${id} did with it was not recorded`
      : `${id} expected it at ${place(expectation.destination, expectation.port)}, since its FTP helper had read the ${announcement(seen)}`;
  }
  const { step } = syn;
  if (isRelated(step.rule)) {
    return `${id} expected it, since its FTP helper had read the ${announcement(seen)}, and accepted it as RELATED by ${decider(step)}`;
  }
  return step.rule === null
    ? `${id} lets everything through (${decider(step)})`
    : `${id} allowed it by ${decider(step)}`;
}

/** The part that encryption had in it. */
function reading(seen: Observations): string {
  const { routers, control, helper } = seen;
  const expected = helper.read || routers.some(({ syn }) => syn.kind === "passed" && isRelated(syn.step.rule));
  if (expected && seen.traits.ccc !== "none") return " CCC had made the dialogue readable again.";
  if (!expected && control.encrypted) return " TLS hid the dialogue, and no router had to read it.";
  return "";
}
