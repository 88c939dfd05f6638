import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { loadCatalog } from "../../../../harness/cli/catalog";
import { projectRoot } from "../../../../harness/lab/project";
import { chosenId, chosenIds, formFields, readIssueForm } from "../../../../harness/bugs/draft/issue-form";
import { dataCommands, modes, operations, stages } from "../../../../harness/model/axes";

type Field = {
  readonly type: string;
  readonly id?: string;
  readonly attributes: { readonly label?: string; readonly render?: string; readonly options?: readonly string[] };
};
const path = join(projectRoot, ".github/ISSUE_TEMPLATE/connectivity.yml");
const form = parse(readFileSync(path, "utf8")) as { readonly body: readonly Field[] };
const fields = form.body.filter(({ type }) => type !== "markdown");
const idsIn = (id: string): readonly (string | null)[] =>
  (fields.find((field) => field.id === id)?.attributes.options ?? []).map((option) => chosenId(option));

describe("the issue form", () => {
  it("has the fields that are read, in this order, with these labels", () => {
    expect(fields.map(({ id, attributes }) => [id, attributes.label])).toEqual(Object.entries(formFields));
  });

  it("offers ids of the scenarios", () => {
    expect(idsIn("mode")).toEqual(modes);
    expect(idsIn("data")).toEqual(dataCommands);
    expect(idsIn("session")).toEqual(operations);
    expect(idsIn("stage")).toEqual(stages);
    const networks = loadCatalog().topologies;
    expect(idsIn("network").filter((id) => id === null || !networks.has(id))).toEqual([]);
    const sessions = [...modes, ...modes.flatMap((mode) => dataCommands.map((data) => `${mode}/${data}`)), "inside"];
    for (const id of ["works", "fails"]) expect(sessions).toEqual(expect.arrayContaining([...idsIn(id)]));
  });

  /** As GitHub writes a form that was filled in. */
  const written = (values: Readonly<Record<string, string>>): string =>
    fields
      .map(({ id = "", attributes: { label = "", render } }) => {
        const value = values[id];
        const shown =
          value === undefined ? "_No response_" : render === undefined ? value : `\`\`\`${render}\n${value}\n\`\`\``;
        return `### ${label}\n\n${shown}\n`;
      })
      .join("\n");

  it("is read as it was filled in, without what was left empty", () => {
    const values = {
      title: "It hangs",
      reported: "Since\n\nMonday",
      log: "220 a\n### Server\n530 b",
      works: "ftp, ftp/epsv",
    };
    expect(readIssueForm(written(values))).toEqual(values);
    expect(chosenIds(values.works)).toEqual(["ftp", "ftp/epsv"]);
    expect(readIssueForm(written({ log: "$ cat\n~~~~\n> x" }))).toEqual({ log: "$ cat\n~~~~\n> x" });
  });

  it("is told from other texts", () => {
    expect(readIssueForm("### Server\n\nIt is down.")).toBeNull();
    expect(readIssueForm("220 ready\nUSER a")).toBeNull();
  });
});
