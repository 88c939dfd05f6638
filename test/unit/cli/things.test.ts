import { readFileSync } from "node:fs";
import { createColors } from "picocolors";
import { kindCalled, thingKinds, thingsOf } from "../../../harness/cli/things";
import { namedCells } from "../../../harness/cli/cell-choice";
import { selectCells } from "../../../harness/cli/select-cells";
import { describeError } from "../../../harness/model/errors";
import { thingsText } from "../../../reports/things-text";
import { catalog } from "../../support/lab-run";

const idsOf = (kind: (typeof thingKinds)[number]): readonly string[] => thingsOf(kind, catalog).map(({ id }) => id);

function hintFor(facets: Parameters<typeof selectCells>[0]["facets"]): string | null | undefined {
  try {
    selectCells({ ...namedCells([]), facets }, undefined, catalog);
    throw new Error("it chose cells");
  } catch (error) {
    return describeError(error).hint;
  }
}

describe("the things that list shows", () => {
  it.each([
    ["networks", "networks"],
    ["Topology", "networks"],
    ["profiles", "servers"],
    ["client", "clients"],
    ["cause", "causes"],
    ["scenario", "scenarios"],
    ["server-nat", null],
  ])("%s means %s", (word, kind) => {
    expect(kindCalled(word)).toBe(kind);
  });

  it.each(thingKinds)("%s have an id each, and fit 80 columns", (kind) => {
    const ids = idsOf(kind);
    expect(ids.length).toBeGreaterThan(5);
    expect(new Set(ids).size).toBe(ids.length);
    const text = thingsText(thingsOf(kind, catalog), { colours: createColors(false), unicode: true, columns: 80 });
    expect(text.split("\n").filter((line) => line.length > 80)).toEqual([]);
  });

  it("has a network once, with its positions, and no server with an option", () => {
    expect(idsOf("networks")).toContain("office");
    expect(idsOf("networks").some((id) => id.includes("@"))).toBe(false);
    expect(idsOf("servers").some((id) => id.includes("+"))).toBe(false);
    const office = thingsOf("networks", catalog).find(({ id }) => id === "office");
    expect(office?.facts["positions"]).toEqual(expect.arrayContaining(["internet", "lan"]));
  });

  it("has the releases of clients and servers, as they stand behind a @", () => {
    const curl = thingsOf("clients", catalog).find(({ id }) => id === "curl");
    expect(curl?.facts["releases"]).toEqual(expect.arrayContaining(["bullseye", "sid"]));
    expect(curl?.notes.join(" ")).toContain("@bullseye");
    const vsftpd = thingsOf("servers", catalog).find(({ id }) => id === "vsftpd");
    expect(vsftpd?.notes.join(" ")).toContain("@bullseye");
  });

  it("says which clients have any version of npm's, and which run on any Node", () => {
    const found = (wanted: string) => thingsOf("clients", catalog).find(({ id }) => id === wanted);
    expect(found("basic-ftp")?.notes[0]).toBe("@VERSION");
    expect(found("basic-ftp")?.facts).toMatchObject({ anyVersionOfNpm: true, anyNode: false });
    expect(found("icetee-ftp")?.notes.join(" ")).toContain("+node@VERSION");
    expect(found("curl")?.facts).toMatchObject({ anyVersionOfNpm: false, anyNode: false });
  });

  it("has a page for each cause, with an anchor for it", () => {
    for (const { id, facts } of thingsOf("causes", catalog)) {
      const [page = "", anchor] = String(facts["page"]).split("#");
      expect(anchor).toBe(id);
      expect(readFileSync(page, "utf8")).toContain(`\n## ${id}\n`);
    }
  });

  it("are where the hint after a mistyped name sends", () => {
    expect(hintFor({ topology: ["netx"] })).toContain("list networks");
    expect(hintFor({ server: ["nobody"] })).toContain("list servers");
    expect(hintFor({ client: ["nobody"] })).toContain("list clients");
  });
});
