import { join } from "node:path";
import { loadCatalog } from "../../../harness/cli/catalog";
import { claimsOf, selectCells } from "../../../harness/cli/select-cells";

const scenario = (name: string): string => join(__dirname, "../../../scenarios", `${name}.yaml`);

describe("the claims of a run", () => {
  it("rest on the cells of their own scenario, whatever runs beside it", () => {
    const catalog = loadCatalog();
    const choice = (...names: readonly string[]) => ({
      sources: names.map(scenario),
      facets: {},
      grep: undefined,
      lastFailed: false,
    });
    const alone = claimsOf(choice("claims"), catalog);
    const beside = claimsOf(choice("clients", "claims"), catalog);
    expect(beside).toEqual(alone);
    expect(alone).toHaveLength(1);
    expect([...(alone[0]?.cells ?? [])]).toEqual(selectCells(choice("claims"), catalog).map(({ cell }) => cell.id));
  });
});
