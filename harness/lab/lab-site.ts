import type { Engine } from "./engine";
import type { SiteImages } from "./image-definitions";
import type { PatchPanel } from "./patch-panel";
import type { SiteCertificates } from "./site-certificates";

/** What labs of one run share. */
export type LabSite = {
  readonly engine: Engine;
  readonly run: string;
  readonly images: SiteImages;
  /** Why images of releases cannot be had. */
  readonly missing?: ReadonlyMap<string, string>;
  readonly panel: Promise<PatchPanel>;
  readonly supplies: Promise<SiteSupplies>;
};

/** What is put into the nodes of every lab. */
export type SiteSupplies = {
  readonly certificates: SiteCertificates;
  /** What the client's host has beside its image, the agent first of all: a tar archive. A server's certificate comes with its profile. */
  readonly clientFiles: Buffer;
};
