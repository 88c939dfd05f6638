import type { Topology } from "../model/topology";
import type { HostImages } from "../plan/labs";
import type { KernelFeature } from "../plan/needs";
import { checkInContainer } from "./check-user-configuration";
import { checkUserRules } from "./check-user-rules";
import { findLackingFeature } from "./kernel-features";
import type { Lab } from "./lab";
import type { RunSite, UserFileCheck, Versions } from "./lab-port";
import type { TakenOver } from "../model/server-profile";
import type { LabSite } from "./lab-site";
import { startLab } from "./start-lab";

/** What labs of one run share, on an engine; `openSite` makes it. */
export class Site implements RunSite, LabSite {
  readonly engine: LabSite["engine"];
  readonly run: LabSite["run"];
  readonly images: LabSite["images"];
  readonly missing: ReadonlyMap<string, string>;
  readonly panel: LabSite["panel"];
  readonly supplies: LabSite["supplies"];

  constructor({ engine, run, images, missing = new Map(), panel, supplies }: LabSite) {
    this.engine = engine;
    this.run = run;
    this.images = images;
    this.missing = missing;
    this.panel = panel;
    this.supplies = supplies;
  }

  get versions(): Versions {
    const { version, kernel } = this.engine.info;
    return { engine: version, kernel };
  }

  whyLacking({ client, server }: HostImages): string | null {
    const lacking = [client, server].find((image) => this.missing.has(image));
    return lacking === undefined ? null : `${lacking}, which cannot be had here: ${this.missing.get(lacking) ?? ""}`;
  }

  async findLackingFeature(needed: readonly KernelFeature[]): Promise<KernelFeature | null> {
    // The panel still starts: only what is tried in it waits for it.
    return needed.length === 0 ? null : findLackingFeature(await this.panel, needed);
  }

  checkUserRules(topologies: readonly Topology[]): Promise<void> {
    return checkUserRules(this, topologies);
  }

  async checkUserConfiguration(check: UserFileCheck): Promise<readonly TakenOver[]> {
    const { engine, images } = this;
    const { certificates } = await this.supplies;
    return checkInContainer({ engine, images, certificates }, check);
  }

  startLab(topology: Topology, hosts: HostImages): Promise<Lab> {
    return startLab(this, topology, hosts);
  }

  /** Ends the patch panel, if it ever started. */
  async close(): Promise<void> {
    const started = await this.panel.catch(() => null);
    await started?.stop();
  }
}
