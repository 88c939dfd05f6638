import type { Engine } from "./engine";
import type { SiteImages } from "./image-definitions";
import type { PatchPanel } from "./patch-panel";
import type { SiteCertificates } from "./site-certificates";

/** What labs of one run share. */
export type LabSite = {
  readonly engine: Engine;
  readonly run: string;
  readonly images: SiteImages;
  readonly panel: Promise<PatchPanel>;
  readonly supplies: Promise<SiteSupplies>;
};

/** What is put into the nodes of every lab. */
export type SiteSupplies = {
  readonly certificates: SiteCertificates;
  /** JavaScript text of the client agent. */
  readonly agentBundle: string;
  /** JavaScript texts of the clients that are scripts for Node. */
  readonly nodeClientBundles: Readonly<Record<string, string>>;
};
