import { compileGrep } from "../../../harness/cli/bounded-grep";

const ids = ["server-nat-helper/tls-optional/basic-ftp/ftps/pasv/list", "direct/tls-optional/basic-ftp/ftp/pasv/list"];

describe("--grep", () => {
  it("takes all ids without a pattern, and those that match with one", () => {
    expect([...compileGrep(undefined)(ids)]).toEqual(ids);
    expect([...compileGrep("/FTP/|nat-")(ids)]).toEqual(ids.slice(0, 1));
  });

  it("refuses what is no regular expression", () => {
    expect(() => compileGrep("(")).toThrow(/--grep: .*Unterminated group/);
  });

  it("gives a pattern up that backtracks without end", () => {
    expect(() => compileGrep("(([a-z/-]+)+)+!$")(ids)).toThrow(/takes longer than 2 s/);
  });
});
