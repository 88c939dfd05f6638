import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { clientImageOf } from "../../catalog/clients/registry";
import { imageOf } from "../../catalog/servers/registry";
import type { Catalog } from "../../plan/planned-cells";
import type { Engine } from "../../lab/engine";
import { openSite } from "../../lab/open-site";
import { makeRunId } from "../../run/run-id";
import { SessionPlaces } from "../../run/session-places";
import { baseClients, baseServers } from "./base-cells";
import { drawFault, isChosen, type Choice, type DrawnFault } from "./draw";
import { filedAs, type FiledFault } from "./filed";
import { examine, type Examined, type Laboratory } from "./examine";
import { keepFault } from "./kept";

/** Which faults to examine. */
export type FaultsRequest = {
  readonly catalog: Catalog;
  readonly seed: number;
  /** So many whose cells fail, of those that are chosen; or the one of this index alone. */
  readonly which:
    | { readonly kind: "count"; readonly count: number; readonly choice: Choice }
    | { readonly kind: "one"; readonly index: number }
    /** Those of a file, all of them. */
    | { readonly kind: "filed"; readonly faults: readonly FiledFault[] };
  readonly labsAtOnce: number;
  readonly workers: number;
  /** Where recordings of what was not told right are kept; `null`: nowhere. */
  readonly keep: string | null;
};

/** Of so many drawings one must fail, on the average: else something is wrong with the kinds. */
const mostDrawn = 6;

/**
 * Examines faults side by side, each in a lab of its own, until so many of them have failed; tells of each as it ends, and gives them
 * in their order. Containers are gone when it returns or throws.
 * @throws LabError when no lab can be built at all
 */
export async function runFaults(
  request: FaultsRequest,
  engine: Engine,
  tell: (examined: Examined) => void,
  signal: AbortSignal,
): Promise<readonly Examined[]> {
  const { catalog, which, labsAtOnce } = request;
  const profiles = baseServers.flatMap((id) => catalog.profiles.get(id) ?? []);
  const images = [...baseClients.map(clientImageOf), ...profiles.map(imageOf), "translator" as const];
  const notice = (text: string): void => void process.stderr.write(`${text}\n`);
  const site = await openSite(engine, { run: makeRunId(new Date()), images, notice, signal });
  const folder = await mkdtemp(join(tmpdir(), "ftp-nat-matrix-faults-"));
  const done: Examined[] = [];
  try {
    const laboratory: Laboratory = {
      site,
      profiles: catalog.profiles,
      folder,
      places: new SessionPlaces(request.workers),
      otherCa,
      signal,
    };
    const wanted = which.kind === "one" ? 1 : which.kind === "filed" ? which.faults.length : which.count;
    const drawn = drawings(request);
    const work = async (): Promise<void> => {
      for (const one of drawn) {
        const examined = await examine(one, laboratory);
        if (signal.aborted) return;
        done.push(examined);
        tell(examined);
        await keepRecording(examined, request, folder);
        if (done.filter(({ outcome }) => outcome.kind === "kept").length >= wanted) return;
      }
    };
    await Promise.all(Array.from({ length: Math.min(labsAtOnce, wanted) }, work));
    return done.toSorted((one, other) => one.drawn.index - other.drawn.index);
  } finally {
    await site.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** The faults that are meant, each once, every client that asks for the next. */
function* drawings({ catalog, seed, which }: FaultsRequest): Generator<DrawnFault> {
  if (which.kind === "one") {
    yield drawFault(seed, which.index, catalog);
    return;
  }
  if (which.kind === "filed") {
    for (const [place, filed] of which.faults.entries()) yield filedAs(filed, place + 1, catalog);
    return;
  }
  let meant = 0;
  for (let index = 1; meant < which.count * mostDrawn; index += 1) {
    const drawn = drawFault(seed, index, catalog);
    if (!isChosen(drawn, which.choice)) continue;
    meant += 1;
    yield drawn;
  }
}

/** Keeps what was not told right, and a fault that was asked for by name, with the truth beside it; the rest is removed at once. */
async function keepRecording(examined: Examined, { keep, which }: FaultsRequest, folder: string): Promise<void> {
  const { drawn, outcome } = examined;
  const name = `${drawn.seed}-${drawn.index}`;
  if (keep !== null && outcome.kind === "kept" && (which.kind !== "count" || outcome.graded.grade !== "right")) {
    await keepFault(drawn, outcome, join(folder, name, "cells", ...drawn.base.planned.cell.id.split("/")), keep);
  }
  await rm(join(folder, name), { recursive: true, force: true });
}

/** The certificate of an unknown authority. */
async function otherCa(): Promise<string> {
  const { makeSiteCertificates } = await import("../../lab/site-certificates.ts");
  return (await makeSiteCertificates()).ca;
}
