import { bundleAgent } from "../client/bundle";
import type { Engine } from "../lab/engine";
import { ensureImages } from "../lab/images";
import type { LabSite } from "../lab/lab";
import { PatchPanel } from "../lab/patch-panel";
import { makeSiteCertificates } from "../lab/site-certificates";
import { sweepDead } from "../lab/sweep";

/**
 * Makes what the labs of a run share; `notice` is told what takes a while. The caller stops the patch panel.
 * @throws LabError; nothing is left running then.
 */
export async function openSite(engine: Engine, run: string, notice: (text: string) => void): Promise<LabSite> {
  const images = await ensureImages(engine, ["client", "router", "server"], (progress) => {
    if (progress.kind === "building") notice(`building image ${progress.name}, once`);
  });
  const starting = PatchPanel.start(engine, images.router, run);
  try {
    const [panel, certificates, agentBundle] = await Promise.all([
      starting,
      makeSiteCertificates(),
      bundleAgent(),
      sweepDead(engine),
    ]);
    return { engine, run, images, panel, certificates, agentBundle };
  } catch (error) {
    await starting.then((panel) => panel.stop()).catch(() => undefined);
    throw error;
  }
}
