import { planReproduction } from "../../../../harness/bugs/reproduce/plan-reproduction";
import { bugOf, reportWith } from "../../../support/bugs";

const helper = `  fixed:
    change: The helper is attached.
    network: { nodes: { router: { helper: [21] } } }
    shows: { result: worked }`;

const plan = (lines: string, variants = "", comparesOthers = true) =>
  planReproduction(bugOf(reportWith(lines, variants)), { comparesOthers });

test("each variant is a cell, with what it must show as what is expected", () => {
  const { variants, planned } = plan("network: server-nat", helper, false);
  expect(variants.map(({ cell }) => cell.id)).toEqual([
    "server-nat/tls-optional/basic-ftp/ftp/pasv/list",
    "a-report-fixed/tls-optional/basic-ftp/ftp/pasv/list",
  ]);
  expect(planned[0]?.expected).toMatchObject({ result: "failed", stage: "data-connect" });
  expect(planned).toHaveLength(2);
});

test("a change of the network is tried with other modes too, before and after it", () => {
  const { variants, planned } = plan("network: server-nat", helper);
  expect(variants.map(({ others }) => others.length)).toEqual([15, 15]);
  expect(new Set(planned.map(({ cell }) => cell.id)).size).toBe(32);
});

test("modes that the client lacks are not tried", () => {
  const { planned } = plan("network: server-nat\nclient: curl", helper);
  expect(new Set(planned.map(({ cell }) => cell.mode))).toEqual(new Set(["ftp", "ftps", "ftps-implicit"]));
});

test("what is only compared is never a surprise by itself", () => {
  const { variants, planned } = plan("network: server-nat", helper);
  const own = new Set(variants.map(({ cell }) => cell.id));
  const others = planned.filter(({ cell }) => !own.has(cell.id));
  expect(others).toHaveLength(30);
  expect(others.filter(({ expected }) => expected.unpredicted !== true)).toEqual([]);
});

test("a change of the mode alone has nothing to compare", () => {
  const { planned } = plan("network: server-nat", "  fixed: { change: TLS., mode: ftps, shows: { result: worked } }");
  expect(planned).toHaveLength(2);
});

test("variants whose cells have one id are told apart", () => {
  const { variants, topologies, profiles } = plan(
    "network: direct",
    "  empty: { change: An empty file., session: { upload: 0 }, shows: { result: worked } }\n  byte: { change: A byte., session: { upload: 1 }, shows: { result: worked } }",
  );
  expect(variants.map(({ cell }) => cell.id)).toEqual([
    "direct/tls-optional/basic-ftp/ftp/pasv/list",
    "direct/tls-optional/basic-ftp/ftp/pasv/upload",
    "direct/a-report-byte/basic-ftp/ftp/pasv/upload",
  ]);
  // A server is begun anew in the same lab.
  expect([...topologies.keys()]).toEqual(["direct"]);
  expect([...profiles.keys()]).toEqual(["tls-optional", "a-report-byte"]);
});

test("variants with the same changes of a network share its lab", () => {
  const { topologies } = plan(
    "network: server-nat",
    `${helper}\n${helper.replace("fixed:", "fixed-tls:").replace("network:", "mode: ftps\n    network:")}`,
  );
  expect([...topologies.keys()]).toEqual(["server-nat", "a-report-fixed"]);
});

test("a client of which each session takes a display is not asked about other modes", () => {
  expect(plan("network: server-nat\nclient: filezilla", helper).planned).toHaveLength(2);
});

test("two servers that are changed otherwise are told apart", () => {
  const { profiles } = plan(
    "network: direct\nserver: { from: tls-optional, directives: UseFtpUsers off }",
    "  fixed: { change: Other., server: { directives: UseFtpUsers on }, shows: { result: worked } }",
  );
  expect([...profiles].map(([id, { directives }]) => [id, directives])).toEqual([
    ["a-report-reported", ["UseFtpUsers off"]],
    ["a-report-fixed", ["UseFtpUsers on"]],
  ]);
});

test("what cannot be had here is not planned", () => {
  const needs = "  old: { change: lftp 4.8., needs: lftp 4.8, shows: { result: failed, stage: transfer } }";
  expect(plan("network: direct", needs).variants.map(({ variant }) => variant.id)).toEqual(["reported"]);
  expect(plan("network: direct\nneeds: a Windows machine").planned).toEqual([]);
});

test("where chance decides, nothing is expected of a single session, and it is had as often as is said", () => {
  const [first] = planReproduction(
    bugOf(
      reportWith("network: direct\nruns: 20").replace(
        "stage: data-connect",
        "stage: data-connect, rate: { least: 20 }",
      ),
    ),
    { comparesOthers: false },
  ).planned;
  expect(first).toMatchObject({ runs: 20, expected: { unpredicted: true } });
});
