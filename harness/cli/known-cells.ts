import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pack, unpack, type PackedCells } from "../bugs/match/packed-cells";
import { knownCells, type KnownCell } from "../bugs/match/table";
import type { CatalogFile } from "../inputs/catalog-file";
import { distFolder } from "../lab/project";
import { catalogIn, loadCatalog } from "./catalog";

/** What symptoms are compared with: as the build predicted it, else predicted now. @throws ScenarioError with the problems of all files */
export function loadKnownCells(): readonly KnownCell[] {
  return unpackedFor(readFileSync(join(distFolder, "catalog.json"), "utf8")) ?? knownCells(loadCatalog());
}

/** `null` where the build has none of this very catalogue. */
function unpackedFor(catalogText: string): readonly KnownCell[] | null {
  try {
    const packed = JSON.parse(readFileSync(join(distFolder, "known-cells.json"), "utf8")) as PackedCells;
    return packed.catalog === hashOf(catalogText) ? unpack(packed) : null;
  } catch {
    return null;
  }
}

/** The text of `dist/known-cells.json`, from that of `dist/catalog.json`. */
export function knownCellsText(catalogText: string): string {
  const file = JSON.parse(catalogText) as CatalogFile;
  return JSON.stringify(file.kind === "wrong" ? null : pack(knownCells(catalogIn(file)), hashOf(catalogText)));
}

function hashOf(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
