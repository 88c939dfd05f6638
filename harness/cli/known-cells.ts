import { readFileSync } from "node:fs";
import { join } from "node:path";
import { unpack, type PackedCells } from "../bugs/match/packed-cells";
import { knownCells, type KnownCell } from "../bugs/match/table";
import { distFolder } from "../lab/project";
import { catalogHash } from "../tools/build/known-cells-text";
import { loadCatalog } from "./catalog";

/** What symptoms are compared with: as the build predicted it, else predicted now. @throws ScenarioError with the problems of all files */
export function loadKnownCells(): readonly KnownCell[] {
  return unpackedFor(readFileSync(join(distFolder, "catalog.json"), "utf8")) ?? knownCells(loadCatalog());
}

/** `null` if the build has none of this very catalogue. */
function unpackedFor(catalogText: string): readonly KnownCell[] | null {
  try {
    const packed = JSON.parse(readFileSync(join(distFolder, "known-cells.json"), "utf8")) as PackedCells | null;
    return packed?.catalog === catalogHash(catalogText) ? unpack(packed) : null;
  } catch {
    return null;
  }
}
