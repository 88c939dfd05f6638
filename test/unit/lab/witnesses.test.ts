import type { LabTexts } from "../../../harness/evidence/recording/assemble";
import type { WatchOptions } from "../../../harness/lab/lab-port";
import { Witnesses } from "../../../harness/lab/witnesses";
import { topologyNamed } from "../../support/inputs";

const topology = topologyNamed("double-nat-helper");
const server: LabTexts["servers"][number] = {
  node: "server",
  software: "proftpd",
  dialogue: "",
  tlsLog: "",
  systemLog: "",
  transferLog: "",
  configuration: "",
};
const capture = { node: "client", pcap: Buffer.alloc(0), interfaces: [], cut: null };

type Part =
  | "probe"
  | "server"
  | "capture-start"
  | "capture"
  | "client-router"
  | "server-router"
  | "client-host"
  | "server-host"
  | "facts"
  | "no-sentinel";

/** Witnesses of a lab in which some parts fail. */
async function witnessesOf(broken: readonly Part[], options?: WatchOptions): Promise<Witnesses> {
  const answer = <T>(part: Part, value: T): Promise<T> =>
    broken.includes(part) ? Promise.reject(new Error(`${part} is broken`)) : Promise.resolve(value);
  let isStarted = false;
  const witnesses = await Witnesses.start(
    {
      topology,
      server: { clearLogs: () => Promise.resolve(), readLogs: () => answer("server", [server]) },
      probe: () => answer("probe", { connected: true, error: null, durationMs: 1 }),
      readKeyLog: () => Promise.resolve(""),
      openHostMonitor: (host) =>
        Promise.resolve({
          host,
          start: () => Promise.resolve(),
          clear: () => Promise.resolve(),
          collect: () =>
            answer(host.kind === "client" ? "client-host" : "server-host", {
              texts: { trace: "", rules: "" },
              gaps: [],
            }),
        }),
      readFacts: () => answer("facts", [{ node: "client", routes: [], sysctls: {}, counters: {} }]),
      openCapture: () =>
        Promise.resolve({
          start: () => answer("capture-start", undefined),
          collect: () => answer("capture", [capture]),
        }),
      routerShell: ({ id }) => ({
        run: async (_, script) => {
          if (isStarted) await answer(id === "client-router" ? "client-router" : "server-router", "");
          // A router that waits for what does not come says so.
          return broken.includes("no-sentinel") && script.includes("grep -q") ? "the last events did not show up" : "";
        },
        // Seven files, all of them empty.
        runForBytes: () => Promise.resolve(Buffer.from("0\n".repeat(7))),
      }),
    },
    options,
  );
  await witnesses.clear();
  isStarted = true;
  return witnesses;
}

/** Who was heard, and what is said of the others. */
async function hear(...broken: readonly Part[]) {
  return hearAll(await witnessesOf(broken));
}

async function hearAll(witnesses: Witnesses) {
  const { routers, hosts = [], servers, captures, facts = [], missing } = await witnesses.collect();
  const heard = [
    ...hosts.map(({ host }) => `${host}'s own rules`),
    ...facts.map(() => "facts"),
    ...routers.map(({ router }) => router),
    ...servers.map(({ node }) => node),
    ...captures.map(() => "packets"),
  ];
  return { heard, missing: missing.map((gap) => JSON.stringify(gap)) };
}

const all = ["client-router", "server-router", "server", "packets"];

test("all witnesses of a lab are heard", async () => {
  expect(await hear()).toEqual({ heard: all, missing: [] });
});

test.each<[Part, string]>([
  ["server", "server"],
  ["capture-start", "packets"],
  ["capture", "packets"],
  ["client-router", "client-router"],
  ["server-router", "server-router"],
])("of a broken part (%s) the reason is told, and the others are heard", async (part, silent) => {
  const { heard, missing } = await hear(part);
  expect(heard).toEqual(all.filter((one) => one !== silent));
  expect(missing).toEqual([expect.stringContaining(`${part} is broken`)]);
});

test("where the client has died, which ends a batch with a connection of its own, all others are still heard", async () => {
  const { heard, missing } = await hear("probe", "no-sentinel");
  expect(heard).toEqual(all);
  expect(missing).toEqual([
    expect.stringContaining("the last events did not show up"),
    expect.stringContaining("the last events did not show up"),
  ]);
});

const own = ["client's own rules", "server's own rules", "facts"];

test("hosts and what kernels count are heard where every node is traced", async () => {
  const { heard, missing } = await hearAll(await witnessesOf([], { everything: true }));
  expect(heard).toEqual([...own, ...all]);
  expect(missing).toEqual([]);
});

test("a host that cannot be heard is told, and the other one is heard", async () => {
  const { heard, missing } = await hearAll(await witnessesOf(["client-host", "facts"], { everything: true }));
  expect(heard).toEqual(["server's own rules", ...all]);
  expect(missing).toEqual([expect.stringContaining("client-host is broken")]);
});
