import { lacksCommands } from "../../../../harness/catalog/clients/binary-words";

const { proof } = lacksCommands("It has no TLS.", "/usr/bin/ftp", { sends: "PASV", lacks: ["AUTH", "PBSZ"] });

const holdsFor = (output: string): boolean =>
  proof.kind === "command" && proof.pattern.test(output) === (proof.expect === "present");

describe("the proof that a binary lacks commands", () => {
  it("holds where only the command that is sent stands in it", () => {
    expect(holdsFor("PASV")).toBe(true);
    expect(holdsFor("PASV\nPASV\n")).toBe(true);
  });

  it("does not hold where one of the others stands in it, before or after", () => {
    expect(holdsFor("PASV\nAUTH")).toBe(false);
    expect(holdsFor("PBSZ\nPASV")).toBe(false);
  });

  it("does not hold for a binary that could not be read", () => {
    expect(holdsFor("")).toBe(false);
    expect(holdsFor("grep: /usr/bin/ftp: No such file or directory")).toBe(false);
  });

  it("looks for all of them at once", () => {
    expect(proof).toMatchObject({ argv: expect.arrayContaining(["PASV|AUTH|PBSZ", "/usr/bin/ftp"]) as string[] });
  });
});
