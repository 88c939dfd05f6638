import { advise, type Question } from "../../harness/diagnose/advise/advise";
import type { Advice, AdvisedParty, Need } from "../../harness/model/advice";
import type { Mode } from "../../harness/model/axes";
import type { Topology } from "../../harness/model/topology";
import { profileNamed } from "./inputs";

/** Sessions of one client over EPSV, each with a listing. */
export function needs(modes: readonly Mode[], change: Partial<Need> = {}): readonly Need[] {
  return modes.map((mode) => ({ client: "curl", mode, data: "epsv", operation: "list", ...change }));
}

/** A question about a network with the server of the core matrix. */
export function question(
  topology: Topology,
  asked: readonly Need[],
  may: readonly AdvisedParty[],
  server = "tls-optional",
): Question {
  return { views: [topology], server: profileNamed(server), needs: asked, may };
}

/** Its sets, by the ids of their changes. */
export function setsOf(asked: Question): readonly (readonly string[])[] {
  return idsIn(advise(asked).advice);
}

export function idsIn({ sets }: Advice): readonly (readonly string[])[] {
  return sets.map(({ changes }) => changes.map(({ id }) => id));
}
