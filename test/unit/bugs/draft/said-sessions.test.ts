import { othersOf, sessionsSaidIn } from "../../../../harness/bugs/draft/said-sessions";

/** Sessions in short: `+ftp/pasv`, `-port`, `+inside`, `?` for another client or place. */
function said(text: string, own: string | null = null): readonly string[] {
  return sessionsSaidIn(text, own).map(({ session }) => {
    if (session === null) return "?";
    const { mode, data, inside, worked } = session;
    return `${worked ? "+" : "-"}${[mode, data, inside ? "inside" : null].filter((word) => word !== null).join("/")}`;
  });
}

describe("what a person says of other sessions", () => {
  it.each<[string, readonly string[]]>([
    ["The listing hangs since we have TLS. Plain FTP works.", ["+ftp"]],
    ["Plain FTP does not work either.", ["-ftp"]],
    ["plain ftp doesn't work, active mode does not work", ["-ftp", "-port"]],
    ["Neither plain FTP nor active mode works.", ["-ftp", "-port"]],
    ["It works without TLS but hangs over TLS", ["+ftp", "-ftps"]],
    ["With TLS it hangs, plain FTP works fine.", ["-ftps", "+ftp"]],
    ["FTP works, FTPS fails", ["+ftp", "-ftps"]],
    ["In active mode, it works.", ["+port"]],
    ["Plain FTP in active mode works", ["+ftp/port"]],
    ["Plain FTP and active mode work", ["+ftp", "+port"]],
    ["From inside the LAN it works.", ["+inside"]],
    ["It works from the local network\nbut not from outside.", ["+inside"]],
    ["If I use plain FTP it works.", ["+ftp"]],
    ["It works if I use plain FTP.", ["+ftp"]],
    ["There are no problems with implicit TLS.", ["+ftps-implicit"]],
    ["I can't get active mode to work.", ["-port"]],
    ["Plain FTP stopped working, too", ["-ftp"]],
    ["Not only plain FTP works", ["+ftp"]],
    ["It fails, even with plain FTP.", ["-ftp"]],
    ["It works, just not in active mode.", ["-port"]],
    ["EPSV works", ["+epsv"]],
    ["Ohne TLS funktioniert es.", ["+ftp"]],
    ["Im LAN klappt es, aber unverschlüsselt geht es auch nicht.", ["+inside", "-ftp"]],
    ["Sans TLS ça marche. En mode actif ça ne fonctionne pas.", ["+ftp", "-port"]],
    ["Sin TLS funciona, en modo activo no funciona", ["+ftp", "-port"]],
  ])("is read in “%s”", (text, sessions) => {
    expect(said(text)).toEqual(sessions);
  });

  it.each([
    "Does plain FTP work?",
    "If plain FTP works, the router is to blame.",
    "Plain FTP should work.",
    "I want active mode to work.",
    "Plain FTP used to work.",
    "Plain FTP worked until Monday.",
    "Plain FTP sometimes works.",
    "Everything works except active mode.",
    "The login over TLS works, then it hangs.",
    "Plain FTP never fails to work.",
    "The listing works only now and then.",
    "The manual says that active mode works.",
    "Plain FTP works with FTPS fails",
  ])("is not read in “%s”", (text) => {
    expect(said(text)).toEqual([]);
  });

  it.each(["Other clients work.", "FileZilla works fine", "Plain FTP works from another machine"])(
    "is no session of the report's own in “%s”",
    (text) => {
      expect(said(text, "curl")).toEqual(["?"]);
    },
  );

  it("is the report's own where its client is named", () => {
    expect(said("FileZilla works in active mode", "filezilla")).toEqual(["+port"]);
  });

  it("keeps the person's words", () => {
    expect(sessionsSaidIn("It hangs, but plain FTP works.", null).map(({ words }) => words)).toEqual([
      "plain FTP works",
    ]);
  });

  it("counts once, where it differs from the told session, and not if it is said both ways", () => {
    const session = { mode: null, data: null, inside: false, worked: true } as const;
    const ftp = { ...session, mode: "ftp" } as const;
    const port = { ...session, data: "port" } as const;
    const told = { mode: "ftps", data: "pasv" } as const;
    expect(othersOf([ftp, ftp, { ...session, mode: "ftps" }, { ...session, data: "pasv" }], told)).toEqual([ftp]);
    expect(othersOf([ftp, port, { ...ftp, worked: false }], told)).toEqual([port]);
  });
});
