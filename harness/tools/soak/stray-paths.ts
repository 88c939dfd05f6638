import { reportForms } from "../../../reports/forms/all";
import type { CellResult } from "../../model/cell";
import { pathsIn } from "./measure";

/** What is in a run's folder and is neither a report nor the recording of a cell. */
export async function strayPaths(folder: string, cells: readonly CellResult[]): Promise<readonly string[]> {
  const named = new Set([...reportForms.map(({ file }) => file), ...cells.flatMap(({ evidence }) => evidence)]);
  const paths = await pathsIn(folder);
  const isFolderOfNamed = (path: string): boolean => [...named].some((one) => one.startsWith(`${path}/`));
  return paths.filter((path) => !named.has(path) && !isFolderOfNamed(path));
}
