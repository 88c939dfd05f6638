import { createHash } from "node:crypto";
import { pack } from "../../bugs/match/packed-cells";
import { knownCells } from "../../bugs/match/table";
import { catalogIn, type CatalogFile } from "../../inputs/catalog-file";

/** The text of `dist/known-cells.json`, from that of `dist/catalog.json`. */
export function knownCellsText(catalogText: string): string {
  const file = JSON.parse(catalogText) as CatalogFile;
  return JSON.stringify(file.kind === "wrong" ? null : pack(knownCells(catalogIn(file)), catalogHash(catalogText)));
}

/** By which known cells say what they were predicted from. */
export function catalogHash(catalogText: string): string {
  return createHash("sha256").update(catalogText).digest("hex");
}
