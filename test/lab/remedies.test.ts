import { connectEngine } from "../../harness/lab/engine";
import { prepareTestcontainers } from "../../harness/lab/testcontainers-environment";
import { resolveClient } from "../../harness/catalog/clients/registry";
import { LabError } from "../../harness/model/errors";
import { causeIds, type CauseId } from "../../harness/model/diagnosis";
import type { CellResult } from "../../harness/model/cell";
import type { ServerProfile } from "../../harness/model/server-profile";
import type { PortRange, RouterNode, Topology } from "../../harness/model/topology";
import { labRemediesOf, type Setup } from "../../harness/plan/lab-remedies";
import { predict } from "../../harness/plan/predict/predict";
import { profileNamed } from "../support/inputs";
import { catalog, choose } from "../support/lab-run";
import { profileRequiring, withFilters, withoutEgress, withRouters } from "../support/variations";

/** With all the work of its neighbours: alone, none takes longer than 10 s. */
jest.setTimeout(180_000);

/** The fault, where none of the project's own networks and servers has it. */
type Fault = { readonly topology?: (topology: Topology) => Topology; readonly server?: ServerProfile };

const helperOn = (...helperPorts: readonly number[]): Fault => ({
  topology: (topology) => withRouters(topology, () => ({ helperPorts })),
});

/** Routers neither forward nor allow a control port; it cannot be 21, with which the lab shows that its wires work. */
function closed(number: number): Fault {
  const others = (ports: readonly PortRange[]): readonly PortRange[] => ports.filter(({ first }) => first !== number);
  const change = ({ portForwards, filter }: RouterNode): Partial<RouterNode> => ({
    portForwards: portForwards.map((forward) => ({ ...forward, ports: others(forward.ports) })),
    filter: {
      ...filter,
      allow: filter.allow.map((rule) => ({ ...rule, ports: rule.ports === null ? null : others(rule.ports) })),
    },
  });
  return { topology: (topology) => withRouters(topology, change) };
}

/** `tls-optional` with a version of TLS that no current client speaks. */
function tls11(): ServerProfile {
  const profile = profileNamed("tls-optional");
  if (profile.tls === null) throw new Error("tls-optional has no TLS");
  return { ...profile, tls: { ...profile.tls, protocol: "TLSv1.1" } };
}

/** A failing cell of a cause that the lab can cure. */
type Case = Fault & { readonly cause: CauseId; readonly cell: string };

const cases: readonly Case[] = [
  { cause: "address-family-refused", cell: "nat64/tls-optional/basic-ftp/ftp/eprt/list" },
  { cause: "no-helper", cell: "server-nat/tls-optional/basic-ftp/ftp/epsv/list" },
  { cause: "helper-blind-to-tls", cell: "server-nat-helper/tls-optional/basic-ftp/ftps/pasv/list" },
  { cause: "helper-blind-to-tls", cell: "client-nat-helper/tls-optional/basic-ftp/ftps/port/list" },
  {
    cause: "helper-missed-first-line-after-ccc",
    cell: "firewall-helper/tls-optional/basic-ftp/ftps-ccc-unprimed/epsv/list",
  },
  { cause: "helper-not-on-port", cell: "server-nat/tls-optional/basic-ftp/ftp/pasv/list", ...helperOn(2121) },
  {
    cause: "related-not-accepted",
    cell: "firewall-strict-helper/tls-optional/basic-ftp/ftp/epsv/list",
    topology: (topology) => withFilters(topology, { related: false }),
  },
  {
    cause: "passive-address-rejected-by-client",
    cell: "server-nat-range-no-masquerade/tls-optional/basic-ftp/ftps/pasv/list",
  },
  { cause: "passive-address-not-dialled", cell: "load-balancer-front/tls-optional/basic-ftp+ignore-227/ftp/pasv/list" },
  { cause: "data-connection-to-other-server", cell: "load-balanced/tls-optional/basic-ftp/ftps/epsv/list" },
  { cause: "passive-address-unroutable", cell: "server-nat/tls-optional/basic-ftp/ftps/pasv/list" },
  { cause: "passive-port-not-forwarded", cell: "firewall/tls-optional/basic-ftp/ftps/epsv/list" },
  { cause: "active-address-refused", cell: "server-nat-snat/tls-optional/basic-ftp/ftps/port/list" },
  { cause: "active-connection-blocked", cell: "client-nat/tls-optional/basic-ftp/ftps/eprt/list" },
  { cause: "egress-blocked", cell: "client-egress-helper/tls-optional/basic-ftp/ftp/pasv/list", ...helperOn() },
  {
    cause: "egress-blocked",
    cell: "firewall/tls-optional/basic-ftp/ftps/port/list",
    topology: (topology) => withoutEgress(topology, "inside"),
  },
  { cause: "ccc-refused", cell: "server-nat-helper/tls-required/basic-ftp/ftps-ccc/pasv/list" },
  { cause: "protection-refused", cell: "direct/tls-required/basic-ftp/ftps-clear-data/pasv/list" },
  {
    cause: "protection-refused",
    cell: "direct/tls-optional/basic-ftp/ftps/epsv/list",
    server: profileRequiring("!data", { reuse: false }),
  },
  { cause: "tls-required", cell: "direct/tls-required/basic-ftp/ftp/pasv/list" },
  {
    cause: "tls-required",
    cell: "direct/tls-optional/basic-ftp/ftp/port/list",
    server: profileRequiring("data", { reuse: false }),
  },
  { cause: "tls-not-offered", cell: "direct/plain-only/basic-ftp/ftps/pasv/list" },
  {
    cause: "helper-does-not-know-line",
    cell: "server-nat-helper+helper-227-only/tls-optional/basic-ftp/ftp/epsv/list",
  },
  { cause: "path-mtu-black-hole", cell: "firewall-range+mtu-1280-silent/tls-optional/basic-ftp/ftps/epsv/list" },
  {
    cause: "control-connection-dropped-idle",
    cell: "firewall-range+idle-timeout-1s+rate-128kbit/tls-optional/basic-ftp/ftp/epsv/download",
  },
  { cause: "certificate-untrusted", cell: "direct/tls-optional+self-signed/basic-ftp/ftps/pasv/list" },
  { cause: "certificate-name-mismatch", cell: "direct/tls-optional+other-name/basic-ftp/ftps-implicit/epsv/list" },
  { cause: "certificate-expired", cell: "direct/tls-required+expired/basic-ftp/ftps/epsv/list" },
  { cause: "foreign-data-peer", cell: "client-two-addresses/tls-optional-own-peer/basic-ftp/ftp/pasv/list" },
  { cause: "tls-versions-do-not-meet", cell: "direct/tls-optional/basic-ftp/ftps/pasv/list", server: tls11() },
  { cause: "tls-session-not-reused", cell: "direct/tls-required-reuse/basic-ftp+no-resume/ftps/pasv/list" },
  { cause: "tls-session-not-reused", cell: "direct/tls-required-reuse+short-sessions/basic-ftp+idle/ftps/pasv/list" },
  {
    cause: "port-unreachable",
    cell: "server-nat-range/tls-optional/basic-ftp/ftps-implicit/pasv/list",
    ...closed(990),
  },
  { cause: "port-unreachable", cell: "firewall-range/tls-optional/basic-ftp/ftps-implicit/epsv/list", ...closed(990) },
  { cause: "port-unreachable", cell: "direct/plain-only/basic-ftp/ftps-implicit/epsv/list" },
];

/** What a cause is about that no topology, server profile or cell says, so that no change of these can cure it. */
const outOfReach: Partial<Record<CauseId, string>> = {
  "helper-dropped-partial-line": "how a host cuts its lines into segments",
  "control-line-blocked": "rules that look into segments",
  "return-route-missing": "a lab in which port 21 never answers: its own negative controls refuse it",
  "passive-range-exhausted": "who else holds a port",
  "implicit-explicit-mismatch": "the port that a client dials: it is always the one of its mode",
  "ccc-shutdown-mismatch": "how a client leaves TLS",
  "data-command-refused": "the data command that a client has been made to send",
  "data-tls-too-early": "the order in which a client does things",
  "data-tls-broken-off": "what a client does with nothing to send",
  "client-never-dialled": "a client that sends nothing",
  "login-refused": "the account, which is the run's own",
  unknown: "anything at all",
};

/**
 * Seen once in about 3,000 sessions, on a machine with five times more to do than it could: a witness had missed a packet. That is
 * a lab-error, and no word about a remedy: the session is had again.
 */
async function run(setup: Setup): Promise<CellResult> {
  try {
    return await runInLab(setup);
  } catch (error) {
    if (!(error instanceof LabError) || !error.message.startsWith("The witnesses disagree")) throw error;
    return runInLab(setup);
  }
}

async function runInLab(setup: Setup): Promise<CellResult> {
  const engine = await connectEngine();
  await prepareTestcontainers(engine);
  const { runOne } = await import("../../harness/run/run-one.ts");
  const client = resolveClient(setup.cell.client);
  if (client === null) throw new Error(`no client ${setup.cell.client}`);
  const expected = predict(setup.cell, { ...setup, client: client.options });
  const one = { ...setup, planned: { cell: setup.cell, expected }, profiles: catalog.profiles };
  return (await runOne(one, engine, () => undefined, new AbortController().signal)).result;
}

function setupOf(id: string, fault: Fault = {}): Setup {
  const [planned] = choose([id]);
  const topology = catalog.topologies.get(planned?.cell.topology ?? "");
  const server = catalog.profiles.get(planned?.cell.server ?? "");
  if (planned === undefined || topology === undefined || server === undefined) throw new Error(`no cell ${id}`);
  return {
    cell: planned.cell,
    topology: fault.topology?.(topology) ?? topology,
    server: fault.server ?? server,
  };
}

test.concurrent.each(cases)("$cause in $cell is cured by each of its remedies", async ({ cause, cell, ...fault }) => {
  const setup = setupOf(cell, fault);
  const remedies = labRemediesOf(cause, setup);
  expect(remedies.length).toBeGreaterThan(0);
  const [before, ...after] = await Promise.all([run(setup), ...remedies.map((remedy) => run(remedy.apply(setup)))]);
  expect(before).toMatchObject({ result: "failed", cause, outcome: "expected" });
  expect(after.map(({ result, outcome }) => ({ result, outcome }))).toEqual(
    remedies.map(() => ({ result: "worked", outcome: "expected" })),
  );
});

test("every cause is cured here, or is about what no topology, server profile or cell says", () => {
  const cured = new Set(cases.map(({ cause }) => cause));
  expect(causeIds.filter((id) => cured.has(id) === Object.hasOwn(outOfReach, id))).toEqual([]);
  const setup = setupOf("direct/tls-optional/basic-ftp/ftp/pasv/list");
  const offered = causeIds.filter((id) => labRemediesOf(id, setup).length > 0);
  expect(offered).toEqual(causeIds.filter((id) => !Object.hasOwn(outOfReach, id)));
});
