import { execFileSync } from "node:child_process";
import { rerunAll, rerunCell, rerunTopology, shellQuote } from "../../../reports/rerun";
import { cellOf } from "../../support/make-report";

const core = cellOf("direct", "ftp", "pasv", "list");

describe("commands to run again", () => {
  it("select a cell of the core matrix by its id alone", () => {
    expect(rerunCell(core, { argv: ["run", "-j", "4"] })).toBe(
      "npm run matrix -- run -g '^direct/tls-optional/basic-ftp/ftp/pasv/list$'",
    );
  });

  it("name the scenario files of the run, and a server or client outside the core matrix", () => {
    const cell = cellOf("direct", "ftp", "pasv", "list", "tls-required", "basic-ftp+no-resume");
    expect(rerunCell(cell, { argv: ["run", "scenarios/smoke.yaml", "-x"] })).toBe(
      "npm run matrix -- run scenarios/smoke.yaml --server tls-required --client basic-ftp+no-resume " +
        "-g '^direct/tls-required/basic-ftp\\+no-resume/ftp/pasv/list$'",
    );
  });

  it("select a topology", () => {
    expect(rerunTopology(core, { argv: [] })).toBe("npm run matrix -- run --topology direct");
  });

  it("name the network of the user's own that the cell is of", () => {
    const cell = cellOf("my-net", "ftp", "pasv", "list", "my-net-server");
    const folder = { argv: ["nets/my-net", "-x"], networks: { "my-net": "nets/my-net" } };
    expect(rerunCell(cell, folder)).toBe(
      "npm run matrix -- run nets/my-net --server my-net-server -g '^my-net/my-net-server/basic-ftp/ftp/pasv/list$'",
    );
    const file = { argv: ["--topology", "./direct.yaml"], networks: { direct: "./direct.yaml" } };
    expect(rerunTopology(core, file)).toBe("npm run matrix -- run --topology ./direct.yaml");
  });

  it("name the position and the conditions of a network of the user's own", () => {
    const cell = cellOf("my-net@lan+reject", "ftp", "pasv", "list");
    const folder = { argv: ["nets/my-net"], networks: { "my-net": "nets/my-net" } };
    expect(rerunTopology(cell, folder)).toBe("npm run matrix -- run nets/my-net --topology my-net@lan+reject");
    const file = { argv: ["--topology", "./my-net.yaml"], networks: { "my-net": "./my-net.yaml" } };
    expect(rerunCell(cell, file)).toBe(
      "npm run matrix -- run --topology ./my-net.yaml@lan+reject " +
        "-g '^my-net@lan\\+reject/tls-optional/basic-ftp/ftp/pasv/list$'",
    );
  });

  it("repeat the whole run with its arguments", () => {
    expect(rerunAll([])).toBe("npm run matrix");
    expect(rerunAll(["run", "-g", "a b", "--topology", "!direct"])).toBe(
      "npm run matrix -- run -g 'a b' --topology '!direct'",
    );
  });

  it("come out of a shell as they went in", () => {
    for (const argument of ["plain", "", "it's", '$HOME `id` "x"', "a\nb", "!x*", "\\"])
      expect(execFileSync("sh", ["-c", `printf %s ${shellQuote(argument)}`], { encoding: "utf8" })).toBe(argument);
  });
});
