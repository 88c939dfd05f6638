/** The id that a file's name gives. */
import { idPattern } from "./fields";
import { quote } from "../text/nearest";
import type { ProblemList } from "./problems";

/** `topologies/server-nat.yaml` → `server-nat`. A name that cannot be an id is a problem. */
export function fileId(file: string, problems: ProblemList): string {
  const name = file.split(/[\\/]/).at(-1) ?? file;
  const id = name.replace(/\.yaml$/, "");
  if (!idPattern.test(id)) {
    problems.add([], `the file name is the id, and ${quote(id)} is not a lower-case word with digits and hyphens`);
  }
  return id;
}

/** The id that a folder's name gives: `My Net` → `my-net`; `null` if nothing of it can be one. */
export function folderId(name: string): string | null {
  const id = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^[^a-z]+|-+$/g, "")
    .slice(0, 40);
  return idPattern.test(id) ? id : null;
}
