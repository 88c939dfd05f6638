import { parseOsRelease } from "../../../../harness/lab/machine/os-release";

describe("reading os-release", () => {
  it("knows Debian by its id", () => {
    const text = 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nNAME="Debian GNU/Linux"\nVERSION_ID="12"\nID=debian\n';
    expect(parseOsRelease(text)).toEqual({ name: "Debian GNU/Linux 12 (bookworm)", debianLike: true });
  });

  it("knows Ubuntu and what is like it by ID_LIKE, which may list several", () => {
    expect(parseOsRelease("ID=ubuntu\nID_LIKE=debian").debianLike).toBe(true);
    expect(parseOsRelease('ID=linuxmint\nID_LIKE="ubuntu debian"').debianLike).toBe(true);
  });

  it("takes no part of a word for an id", () => {
    expect(parseOsRelease("ID=notdebian\nID_LIKE='rhel fedora'").debianLike).toBe(false);
  });

  it("makes do with an empty file, comments and broken lines", () => {
    expect(parseOsRelease("")).toEqual({ name: "this system", debianLike: false });
    expect(parseOsRelease("# ID=debian\n=\nNAME='A \\$ B'")).toEqual({ name: "A $ B", debianLike: false });
  });
});
