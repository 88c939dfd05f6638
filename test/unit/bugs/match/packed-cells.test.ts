import { pack, unpack } from "../../../../harness/bugs/match/packed-cells";
import { knownCells } from "../../../../harness/bugs/match/table";
import { loadCatalog } from "../../../../harness/cli/catalog";
import { loadKnownCells } from "../../../../harness/cli/known-cells";

describe("known cells", () => {
  const predicted = knownCells(loadCatalog());

  it("are the same once they were packed and unpacked", () => {
    expect(unpack(pack(predicted.slice(0, 500), "x"))).toEqual(predicted.slice(0, 500));
  });

  it("of the build are what is predicted now", () => {
    expect(loadKnownCells()).toEqual(predicted);
  });
});
