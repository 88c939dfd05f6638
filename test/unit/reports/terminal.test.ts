import { terminalTraits } from "../../../reports/terminal";

describe("terminalTraits", () => {
  it("colours and redraws on a terminal only", () => {
    expect(terminalTraits(true, {})).toMatchObject({ colour: true, live: true });
    expect(terminalTraits(false, {})).toMatchObject({ colour: false, live: false });
    expect(terminalTraits(true, { TERM: "dumb" })).toMatchObject({ colour: false, live: false });
  });

  it("obeys NO_COLOR before FORCE_COLOR, and either before the terminal", () => {
    expect(terminalTraits(true, { NO_COLOR: "1", FORCE_COLOR: "1" }).colour).toBe(false);
    expect(terminalTraits(true, { NO_COLOR: "" }).colour).toBe(true);
    expect(terminalTraits(false, { FORCE_COLOR: "1" }).colour).toBe(true);
    expect(terminalTraits(true, { FORCE_COLOR: "0" }).colour).toBe(false);
  });

  it("never redraws in continuous integration", () => {
    expect(terminalTraits(true, { CI: "true" }).live).toBe(false);
  });

  it("takes the character set from the locale variable that counts", () => {
    expect(terminalTraits(true, { LANG: "fr_FR.UTF-8" }).unicode).toBe(true);
    expect(terminalTraits(true, { LANG: "C.utf8" }).unicode).toBe(true);
    expect(terminalTraits(true, { LC_ALL: "C", LANG: "fr_FR.UTF-8" }).unicode).toBe(false);
    expect(terminalTraits(true, { LC_ALL: "", LC_CTYPE: "en_GB.UTF-8", LANG: "C" }).unicode).toBe(true);
    expect(terminalTraits(true, {}).unicode).toBe(false);
  });
});
