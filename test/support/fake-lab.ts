/** Labs without an engine, behind the same port as real ones: they answer as the prediction says, and break where a test wants it. */
import { setImmediate as turn, setTimeout as delay } from "node:timers/promises";
import type { LabTexts } from "../../harness/evidence/recording/assemble";
import type { LabServer, LabWitnesses, OpenSite, RunningLab, RunSite, SiteFiles } from "../../harness/lab/lab-port";
import type { ProbeOutcome, SessionRequest } from "../../harness/model/agent-protocol";
import type { Attempt } from "../../harness/model/cell";
import { LabError } from "../../harness/model/errors";
import { addressOf, attachmentsOf, clientOf } from "../../harness/model/network";
import type { ProgramOutcome } from "../../harness/model/program";
import type { ServerProfile, TakenOver } from "../../harness/model/server-profile";
import type { Topology, TopologyNode } from "../../harness/model/topology";
import { labId, type HostImages } from "../../harness/plan/labs";
import type { KernelFeature } from "../../harness/plan/needs";
import { walk } from "../../harness/plan/predict/packet-walk";
import { makeAttempt, makeFailure } from "./attempts";
import { predictFor } from "./cells";

/** Something that a site or a lab is asked for. */
export type Question =
  | "open"
  | "lacking-feature"
  | "check"
  | "start"
  | "serve"
  | "interfaces"
  | "rules"
  | "forwarding"
  | "decoy"
  | "probe"
  | "session"
  | "program"
  | "hashes"
  | "fault"
  | "watch"
  | "clear"
  | "collect"
  | "key-log"
  | "keep"
  | "close";

/** A question as it was asked: of which lab, `null` for the site, and for the how manieth time of that one, from 1 on. */
export type Asked = { readonly lab: string | null; readonly question: Question; readonly time: number };

export type FakeOptions = {
  /** Whether a question fails. */
  readonly fails?: (asked: Asked) => boolean;
  /** What the kernel lacks. */
  readonly lacks?: KernelFeature;
  /** The image of a release that cannot be had, and why. */
  readonly lacksImage?: string;
  /** Changes a lab once it has started. */
  readonly onStart?: (lab: FakeLab) => void;
};

export class FakeSite implements RunSite {
  readonly versions = { engine: "27.0", kernel: "6.12" };
  /** In the order in which they were asked; an end is noted when it is over. */
  readonly asked: Asked[] = [];
  /** Ids of the labs that stood. */
  readonly started: string[] = [];
  readonly #options: FakeOptions;

  constructor(options: FakeOptions = {}) {
    this.#options = options;
  }

  readonly open: OpenSite = async () => {
    await this.ask(null, "open");
    return this;
  };

  async findLackingFeature(needed: readonly KernelFeature[]): Promise<KernelFeature | null> {
    await this.ask(null, "lacking-feature");
    return needed.find((feature) => feature === this.#options.lacks) ?? null;
  }

  whyLacking(): string | null {
    return this.#options.lacksImage ?? null;
  }

  async checkUserRules(): Promise<void> {
    await this.ask(null, "check");
  }

  async checkUserConfiguration(): Promise<readonly TakenOver[]> {
    await this.ask(null, "check");
    return [];
  }

  async startLab(topology: Topology, hosts: HostImages): Promise<FakeLab> {
    const id = labId(topology.id, hosts);
    await this.ask(id, "start");
    const lab = new FakeLab(this, id, topology);
    this.started.push(id);
    this.#options.onStart?.(lab);
    return lab;
  }

  async close(): Promise<void> {
    await this.ask(null, "close");
  }

  /** Notes a question, and fails if it is to fail. */
  async ask(lab: string | null, question: Question): Promise<void> {
    const time = this.asked.filter((one) => one.lab === lab && one.question === question).length + 1;
    const asked = { lab, question, time };
    // Longer than whatever else happens at the same time: who does not wait for it is noticed.
    if (question === "close") await delay(20);
    this.asked.push(asked);
    await turn();
    if (this.#options.fails?.(asked) !== true) return;
    throw new LabError("run", `${lab ?? "the site"} broke when asked for ${question}.`, { code: "agent-fault" });
  }
}

const sha256 = "0".repeat(64);

export class FakeLab implements RunningLab {
  readonly id: string;
  readonly topology: Topology;
  readonly versions = { proftpd: "1.3.8" };
  readonly certificates = { ca: "" };
  readonly server: FakeServer;
  /** What the routers' rules and forwarding are now. */
  rules: Topology;
  forwards = true;
  readonly #ask: (question: Question) => Promise<void>;

  constructor(site: FakeSite, id: string, topology: Topology) {
    this.id = id;
    this.topology = topology;
    this.rules = topology;
    this.#ask = (question) => site.ask(id, question);
    this.server = new FakeServer(this.#ask);
  }

  get containers(): ReadonlyMap<string, string> {
    return new Map(this.topology.nodes.map(({ id }) => [id, `container-${id}`]));
  }

  async runSession(request: SessionRequest, onWaiting: () => void = () => undefined): Promise<Attempt> {
    await this.#ask("session");
    const { mode, data, operation, files } = request;
    const { result, stage } = predictFor(this.rules, { mode, data, operation }, this.server.profile ?? undefined);
    if (result === "failed" && stage !== null) {
      onWaiting();
      return makeFailure(stage);
    }
    const transfers = files.map(({ name, size }) => ({ name, size, clientSha256: sha256, serverSha256: null }));
    return makeAttempt({ result, transfers: operation === "list" ? [] : transfers });
  }

  async runProgram(): Promise<ProgramOutcome> {
    await this.#ask("program");
    return { startedAt: 0, durationMs: 1, exitCode: 0, timedOut: false, output: [], files: [] };
  }

  async probe(address: string, port: number): Promise<ProbeOutcome> {
    await this.#ask("probe");
    const from = clientOf(this.topology).id;
    const syn = {
      from,
      source: addressOf(this.topology, from),
      destination: address,
      ports: { first: port, last: port },
    };
    const { end, passages } = walk(this.rules, syn, []);
    const arrives = end.kind === "delivered" && (this.forwards || passages.length === 0);
    const connected = arrives && this.server.ports.has(port);
    return { connected, error: null, durationMs: 1 };
  }

  async interfacesOf(node: TopologyNode): Promise<readonly string[]> {
    await this.#ask("interfaces");
    return attachmentsOf(this.topology, node.id).map(({ link }) => link.id);
  }

  async applyRules(topology: Topology): Promise<void> {
    await this.#ask("rules");
    this.rules = topology;
  }

  async setForwarding(on: boolean): Promise<void> {
    await this.#ask("forwarding");
    this.forwards = on;
  }

  async watch(): Promise<LabWitnesses> {
    await this.#ask("watch");
    return new FakeWitnesses(this.#ask);
  }

  async findFault(): Promise<string | null> {
    await this.#ask("fault");
    return null;
  }

  async keep(): Promise<void> {
    await this.#ask("keep");
  }

  async close(): Promise<void> {
    await this.#ask("close");
  }
}

class FakeServer implements LabServer {
  readonly files: SiteFiles = {
    list: [{ name: "0-bytes.bin", size: 0 }],
    download: [{ name: "0-bytes.bin", size: 0, sha256 }],
  };
  /** On which it listens, and the decoy. */
  readonly ports = new Set<number>();
  /** What it serves; `null` before it has started. */
  profile: ServerProfile | null = null;
  readonly #ask: (question: Question) => Promise<void>;

  constructor(ask: (question: Question) => Promise<void>) {
    this.#ask = ask;
  }

  async serve(profile: ServerProfile): Promise<void> {
    await this.#ask("serve");
    this.profile = profile;
    this.ports.add(21);
  }

  async uploadHashes(names: readonly string[]): Promise<ReadonlyMap<string, string>> {
    await this.#ask("hashes");
    return new Map(names.map((name) => [name, sha256]));
  }

  provide(): Promise<void> {
    return Promise.resolve();
  }

  async openDecoy(port: number): Promise<void> {
    await this.#ask("decoy");
    this.ports.add(port);
  }
}

class FakeWitnesses implements LabWitnesses {
  readonly #ask: (question: Question) => Promise<void>;

  constructor(ask: (question: Question) => Promise<void>) {
    this.#ask = ask;
  }

  async clear(): Promise<void> {
    await this.#ask("clear");
  }

  async collect(): Promise<LabTexts> {
    await this.#ask("collect");
    return { routers: [], servers: [], captures: [], missing: [] };
  }

  async keyLog(): Promise<string> {
    await this.#ask("key-log");
    return "";
  }
}

/** A lab that is dead from a question on: then it answers nothing any more, and can only be closed. */
export function diesAt(lab: string, question: Question, time = 1): (asked: Asked) => boolean {
  let isDead = false;
  return (asked) => {
    if (asked.lab !== lab) return false;
    const isNow = asked.question === question && asked.time === time;
    isDead ||= isNow;
    return isNow || (isDead && asked.question !== "close");
  };
}
