import type { ControlResult } from "../../../harness/model/report";
import { withoutHelpers } from "../../../harness/model/network";
import { runControls } from "../../../harness/run/controls";
import type { FakeLab } from "../../support/fake-lab";
import { FakeSite } from "../../support/fake-lab";
import { coreTopologies, profileNamed, topologyNamed } from "../../support/inputs";

const profile = profileNamed("tls-optional");

/** A lab whose server runs, as controls find it. */
async function labOf(topology: string, site = new FakeSite()): Promise<FakeLab> {
  const lab = await site.startLab(topologyNamed(topology), { client: "client", server: "server" });
  await lab.server.serve(profile);
  return lab;
}

async function control(
  lab: FakeLab,
): Promise<{ readonly holds: boolean; readonly controls: readonly ControlResult[] }> {
  const controls: ControlResult[] = [];
  const holds = await runControls(lab, profile, (result) => controls.push(result));
  return { holds, controls };
}

/** `helper-on: passed`. */
function told(controls: readonly ControlResult[]): readonly string[] {
  return controls.map(({ name, outcome }) => `${name}: ${outcome}`).sort();
}

test("hold in a lab that is as planned, which is left as it was found", async () => {
  const lab = await labOf("server-nat-helper");
  const { holds, controls } = await control(lab);
  expect(holds).toBe(true);
  expect(told(controls)).toEqual([
    "forwarding-off: passed",
    "helper-off: passed",
    "helper-on: passed",
    "no-bypass: passed",
    "unsolicited-blocked: passed",
  ]);
  expect(lab.forwards).toBe(true);
  expect(lab.rules).toBe(lab.topology);
});

test("are not applicable where there is nothing for them to try", async () => {
  const { holds, controls } = await control(await labOf("direct"));
  expect(holds).toBe(true);
  expect(told(controls)).toEqual([
    "forwarding-off: not-applicable",
    "helper-off: not-applicable",
    "helper-on: not-applicable",
    "no-bypass: passed",
    "unsolicited-blocked: not-applicable",
  ]);
});

test("hold in every network of the core matrix, and each has an id of its own", async () => {
  const all = await Promise.all(coreTopologies.map(async ({ id }) => control(await labOf(id))));
  expect(all.map(({ holds }) => holds)).toEqual(coreTopologies.map(() => true));
  const ids = all.flatMap(({ controls }) => controls.map(({ id }) => id));
  expect(new Set(ids).size).toBe(coreTopologies.length * 5);
});

describe("with one thing wrong in the lab, the control that looks for it fails, and none behind it runs", () => {
  const cases: readonly (readonly [string, (lab: FakeLab) => void, string, readonly string[]])[] = [
    [
      "a wire that nobody planned",
      (lab) => (lab.interfacesOf = (node) => Promise.resolve(node.id === "client" ? ["internet", "bypass"] : [])),
      "client has internet, bypass instead of internet",
      ["helper-on: passed", "no-bypass: failed"],
    ],
    [
      "a helper that is not loaded",
      (lab) => (lab.rules = withoutHelpers(lab.topology)),
      "with the helper rule pasv fails at data-command",
      ["helper-on: failed", "no-bypass: passed"],
    ],
    [
      "a router that forwards though it must not",
      (lab) => (lab.setForwarding = () => Promise.resolve()),
      "with forwarding off, port 21 of 203.0.113.1 still answers: a path bypasses the router",
      ["forwarding-off: failed", "helper-on: passed", "no-bypass: passed"],
    ],
    [
      "a router that does not forward any more",
      (lab) => {
        const set = lab.setForwarding.bind(lab);
        lab.setForwarding = (on) => (on ? Promise.resolve() : set(false));
      },
      "with forwarding on, port 21 of 203.0.113.1 does not answer (time-out)",
      ["forwarding-off: failed", "helper-on: passed", "no-bypass: passed"],
    ],
    [
      "something else than the rule that lets data pass",
      (lab) => (lab.applyRules = () => Promise.resolve()),
      "without the helper rule pasv still works: something else lets the data connection in",
      [
        "forwarding-off: passed",
        "helper-off: failed",
        "helper-on: passed",
        "no-bypass: passed",
        "unsolicited-blocked: passed",
      ],
    ],
    [
      "a port that is open though nothing allows it",
      (lab) => {
        const probe = lab.probe.bind(lab);
        lab.probe = (address, port) =>
          port === 9 ? Promise.resolve({ connected: true, error: null, durationMs: 1 }) : probe(address, port);
      },
      "the client reaches port 9 of 203.0.113.1, which nothing allows",
      [
        "forwarding-off: passed",
        "helper-off: passed",
        "helper-on: passed",
        "no-bypass: passed",
        "unsolicited-blocked: failed",
      ],
    ],
  ];

  test.each(cases)("%s", async (_, spoil, detail, expected) => {
    const lab = await labOf("server-nat-helper");
    spoil(lab);
    const { holds, controls } = await control(lab);
    expect(holds).toBe(false);
    expect(told(controls)).toEqual(expected);
    expect(controls.find(({ outcome }) => outcome === "failed")?.detail).toContain(detail);
  });
});

test.each(["interfaces", "session", "forwarding", "probe", "rules", "decoy"] as const)(
  "a lab that dies when it is asked for %s is no control that failed: it is told as what it is",
  async (question) => {
    const site = new FakeSite({ fails: (asked) => asked.question === question });
    const lab = await labOf("server-nat-helper", site);
    await expect(control(lab)).rejects.toThrow(`server-nat-helper broke when asked for ${question}.`);
  },
);
