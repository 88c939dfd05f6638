import { loadCatalog } from "../../../../harness/cli/catalog";
import { causeIds } from "../../../../harness/model/ids";
import { drawFault, type DrawnFault } from "../../../../harness/tools/faults/draw";
import { faultKinds } from "../../../../harness/tools/faults/kinds/all";
import type { Findings } from "../../../../harness/tools/faults/kinds/definition";

const catalog = loadCatalog();
const drawn = Array.from({ length: 400 }, (_, index) => drawFault(7, index, catalog));

const told = ({ base, fault, kind }: DrawnFault): object => ({
  cell: base.planned.cell.id,
  what: fault.what,
  changes: fault.changes,
  rule: fault.rule,
  kind,
});

test("the same seed and index give the same fault, whatever was drawn before", () => {
  const again = [399, 3, 120].map((index) => drawFault(7, index, catalog));
  expect(again.map(told)).toEqual([399, 3, 120].flatMap((index) => drawn.slice(index, index + 1).map(told)));
});

test("other indices and other seeds give other faults", () => {
  const texts = drawn.map((one) => JSON.stringify(told(one)));
  expect(new Set(texts).size).toBeGreaterThan(395);
  const others = Array.from({ length: 50 }, (_, index) => JSON.stringify(told(drawFault(8, index, catalog))));
  expect(others.filter((text, index) => text === texts[index])).toEqual([]);
});

test("every kind is drawn, in cells that are predicted to work, and in most networks", () => {
  expect(new Set(drawn.map(({ kind }) => kind))).toEqual(new Set(faultKinds.map(({ id }) => id)));
  expect(drawn.filter(({ base }) => base.planned.expected.result !== "worked")).toEqual([]);
  expect(new Set(drawn.map(({ base }) => base.topology.id)).size).toBeGreaterThan(20);
});

test("a fault is at a node of its network, and so is each of its changes", () => {
  for (const { base, fault } of drawn) {
    const nodes = base.topology.nodes.map(({ id }) => id);
    expect(nodes).toContain(fault.node);
    for (const change of fault.changes) if ("node" in change) expect(nodes).toContain(change.node);
  }
});

describe("the truth", () => {
  const losses: readonly Findings[] = (["control", "data"] as const).flatMap((connection) =>
    (["syn", "syn-ack", "ack", "payload", "end"] as const).flatMap((kind) =>
      (["client", "server"] as const).map((from): Findings => ({
        loss: { connection, kind, from, text: null },
        met: true,
      })),
    ),
  );

  test("names causes of the contract, whatever was lost", () => {
    const named = new Set(drawn.flatMap(({ fault }) => losses.flatMap((found) => fault.truth(found)?.causes ?? [])));
    expect([...named].filter((cause) => !known.has(cause))).toEqual([]);
  });

  test("is none of a rule that met nothing", () => {
    const rules = drawn.filter(({ fault }) => fault.rule !== null);
    expect(rules.length).toBeGreaterThan(100);
    for (const { fault } of rules) expect(fault.truth({ loss: null, met: false })).toBeNull();
  });

  const known: ReadonlySet<string> = new Set(causeIds);
});
