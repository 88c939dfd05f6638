import { createColors } from "picocolors";
import { planReproduction } from "../../../../harness/bugs/reproduce/plan-reproduction";
import { reproduce } from "../../../../harness/bugs/reproduce/reproduce";
import { nothingRun } from "../../../../harness/bugs/reproduce/tell-reproduction";
import type { Reproduction } from "../../../../harness/model/reproduction";
import { reproduceJson } from "../../../../reports/reproduce-json";
import { conclusion, reproduceText } from "../../../../reports/reproduce-text";
import { bugOf, reportWith } from "../../../support/bugs";
import { FakeSite, type FakeOptions } from "../../../support/fake-lab";
import { profiles } from "../../../support/inputs";

/** What comes of a report in labs that answer as the prediction says. */
async function outcomeOf(text: string, fake: FakeOptions = {}): Promise<Reproduction> {
  const bug = bugOf(text);
  const plan = planReproduction(bug, { comparesOthers: false });
  if (plan.planned.length === 0) return nothingRun(bug);
  const run = {
    ...{ bug, plan, workers: 2, folder: null, argv: [] },
    profiles: new Map(profiles.map((each) => [each.id, each])),
  };
  return reproduce(run, new FakeSite(fake).open, () => undefined, new AbortController().signal);
}

const printed = (reproduction: Reproduction): string =>
  reproduceText(reproduction, { colours: createColors(false), unicode: true, columns: 120 });

/** The line of each variant. */
const words = (reproduction: Reproduction): readonly string[] =>
  printed(reproduction)
    .split("\n")
    .filter((line) => /^\S+ +[✓✗s] /.test(line))
    .map((line) => line.replace(/\s+/g, " "));

/** No passive port is forwarded. */
const blocked = "network: server-nat\ndata: epsv";

const fixed = `  fixed:
    change: The range is forwarded.
    network: server-nat-range
    shows: { result: worked }`;

test("what was reported is reproduced, and cured by what then works", async () => {
  const reproduction = await outcomeOf(reportWith(blocked, fixed));
  expect(reproduction.reproduced).toBe(true);
  expect(words(reproduction)).toEqual([
    expect.stringMatching(/^reported ✓ reproduced: failed at data-connect/),
    "fixed ✓ cured: worked",
  ]);
  expect(conclusion(reproduction)).toBe("reproduced, and every other variant shows what it should.");
});

test("nothing is cured where the failure was not seen", async () => {
  const reproduction = await outcomeOf(reportWith("network: direct", fixed));
  expect(reproduction.reproduced).toBe(false);
  expect(words(reproduction)[1]).toBe("fixed ✓ as it should be: worked");
  expect(printed(reproduction)).not.toContain("cured");
  expect(conclusion(reproduction)).toBe("not reproduced, and every other variant shows what it should.");
});

test("nothing is cured where the report is of something that works", async () => {
  const works = reportWith("network: direct", fixed).replace("failed, stage: data-connect", "worked");
  const reproduction = await outcomeOf(works);
  expect(reproduction.reproduced).toBe(true);
  expect(printed(reproduction)).not.toContain("cured");
});

describe("a report whose own variant needs what cannot be had", () => {
  const needing = reportWith(blocked, fixed).replace(
    "    shows: { result: failed",
    "    needs: lftp 4.8\n    shows: { result: failed",
  );

  it("is not reproduced, whatever others show", async () => {
    const reproduction = await outcomeOf(needing);
    expect(reproduction.reproduced).toBeNull();
    expect(words(reproduction)).toEqual([
      expect.stringContaining("skipped: needs: lftp 4.8"),
      "fixed ✓ as it should be: worked",
    ]);
    expect(conclusion(reproduction)).toBe(
      "nothing was reproduced, since `reported` was skipped (needs: lftp 4.8), and every other variant shows what it should.",
    );
  });

  it("is skipped where nothing can be run", async () => {
    const reproduction = await outcomeOf(reportWith("network: direct\nneeds: a Windows machine"));
    expect(reproduction.reproduced).toBeNull();
    expect(conclusion(reproduction)).toBe("skipped: needs: a Windows machine.");
  });
});

describe("a variant that could not be run", () => {
  const slow = "  slow: { change: A slow line., network: server-nat-range+delay-100ms, shows: { result: worked } }";

  it("is skipped where the kernel lacks something, and has not failed", async () => {
    const reproduction = await outcomeOf(reportWith(blocked, `${fixed}\n${slow}`), {
      lacks: "sch_netem",
    });
    const [, , told] = reproduction.variants;
    expect(told).toMatchObject({ verdict: null, skipped: "needs: sch_netem" });
    expect(words(reproduction)[2]).toContain("skipped: needs: sch_netem");
    expect(conclusion(reproduction)).toBe(
      "reproduced, and every other variant that was run shows what it should; 1 was skipped.",
    );
  });

  it("leaves nothing reproduced where it is the reported one", async () => {
    const reproduction = await outcomeOf(reportWith("network: server-nat+delay-100ms\ndata: epsv", fixed), {
      lacks: "sch_netem",
    });
    expect(reproduction).toMatchObject({ reproduced: null, labErrors: [] });
    expect(conclusion(reproduction)).toContain("nothing was reproduced");
  });

  it("is told with what broke the lab", async () => {
    const fails: FakeOptions["fails"] = ({ lab, question }) =>
      lab?.startsWith("server-nat-range") === true && question === "start";
    const reproduction = await outcomeOf(reportWith(blocked, fixed), { fails });
    expect(reproduction.variants[1]).toMatchObject({ verdict: null });
    expect(reproduction.variants[1]?.skipped).toMatch(/^the lab broke: /);
    expect(reproduction.labErrors).toHaveLength(1);
    expect(conclusion(reproduction)).toBe("the lab broke; no conclusion.");
  });
});

test("lines of a configuration that the lab replaces, and files that are not given, are told each once", async () => {
  const config = "Include /etc/proftpd/modules.conf\\nPort 21\\nUser nobody\\nMasqueradeAddress 198.51.100.7";
  const server = `server: { software: proftpd, config: "${config}" }`;
  const reproduction = await outcomeOf(
    reportWith(`network: server-nat\n${server}`, "  tls: { change: TLS., mode: ftps, shows: { result: failed } }"),
  );
  expect(reproduction.replaced).toEqual([
    { place: "a-report.yaml (config):1", text: "Include /etc/proftpd/modules.conf", kind: "lost" },
    { place: "a-report.yaml (config):3", text: "User nobody", kind: "replaced" },
    { place: "a-report.yaml (config):4", text: "MasqueradeAddress 198.51.100.7", kind: "replaced" },
  ]);
  expect(JSON.parse(reproduceJson(reproduction))).toMatchObject({
    schemaVersion: "1.1",
    reproduced: false,
    replaced: reproduction.replaced,
  });
  const text = printed(reproduction).replace(/\s+/g, " ");
  expect(text).toContain("config a-report.yaml (config): the lab replaced line 3 “User nobody”, line 4 “Masq");
  expect(text).toContain("a-report.yaml (config): lost, since the file is not given, line 1 “Include");
});
