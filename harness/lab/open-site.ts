import { buffer } from "node:stream/consumers";
import { pack } from "tar-stream";
import { clientCaPath, nodeClientPath } from "../model/ftp-site";
import { agentPath } from "./agent-connection";
import { agentScript, nodeClientScripts } from "./agent-scripts";
import type { Engine } from "./engine";
import { coreImages, type SiteImages } from "./image-definitions";
import type { SiteRequest } from "./lab-port";
import type { SiteSupplies } from "./lab-site";
import { PatchPanel } from "./patch-panel";
import { Site } from "./site";
import { imagesOrReasons } from "./site-images";
import { sweepDead } from "./sweep";

/**
 * Makes what the labs of a run share, the core's images included. The patch panel starts and the supplies are made meanwhile: labs
 * wait for each only when they need it.
 * @throws LabError when an image cannot be had; nothing is left running then.
 */
export async function openSite(engine: Engine, { run, images: others, notice, signal }: SiteRequest): Promise<Site> {
  const had = await imagesOrReasons(engine, [...coreImages, ...others], notice, signal);
  // One of the core's that is missing has been thrown.
  const images = had.images as SiteImages;
  const panel = PatchPanel.start(engine, images.router, run);
  const supplies = makeSupplies();
  // Each lab that needs them gets the failure; until one does, it must not count as an unhandled rejection.
  panel.catch(() => undefined);
  supplies.catch(() => undefined);
  const site = new Site({ engine, run, images, missing: had.missing, panel, supplies });
  try {
    await sweepDead(engine);
    return site;
  } catch (error) {
    await site.close();
    throw error;
  }
}

async function makeSupplies(): Promise<SiteSupplies> {
  const scripts = Promise.all([agentScript(), nodeClientScripts()]);
  // Loading the code takes longer than running it, and the engine starts its first containers meanwhile.
  const { makeSiteCertificates } = await import("./site-certificates.ts");
  const [certificates, [agentBundle, nodeClientBundles]] = await Promise.all([makeSiteCertificates(), scripts]);
  const clientFiles = [
    [agentPath, agentBundle],
    ...Object.entries(nodeClientBundles).map(([id, script]) => [nodeClientPath(id), script] as const),
    [clientCaPath, certificates.ca],
  ] as const;
  return { certificates, clientFiles: await archiveOf(clientFiles) };
}

/** A tar archive of texts by their paths, for everybody to read. */
async function archiveOf(files: readonly (readonly [path: string, text: string])[]): Promise<Buffer> {
  const archive = pack();
  for (const [path, text] of files) archive.entry({ name: path.slice(1), mode: 0o644 }, text);
  archive.finalize();
  return buffer(archive);
}
