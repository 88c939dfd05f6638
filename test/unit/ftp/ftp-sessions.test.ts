import { controlSessions, readDialogue } from "../../../harness/ftp/dialogue";
import { endpointOf } from "../../../harness/ftp/endpoint";
import { endingOf, failedSessionOf } from "../../../harness/ftp/stage";
import { traitsOf } from "../../../harness/model/axes";
import { line } from "../../support/simulated-evidence";

const ftp = { mode: "ftp", data: "pasv" } as const;
const login = ["< 220 ready", "> USER lab1", "< 331 Password", "> PASS ###", "< 230 Logged in"];
const passive = ["> PASV", "< 227 Entering Passive Mode (203,0,113,10,195,81)."];

function ending(lines: readonly string[], message: string | null = null): ReturnType<typeof endingOf> {
  return endingOf({ transcript: lines.map(line), message }, ftp);
}

describe("several control connections of one client", () => {
  it("are told apart by greetings and by logins, with the remarks that lead to them", () => {
    const first = [...login, ...passive, "> STOR a", "< 150 Ok", "< 426 Aborted"];
    const second = ["* Connecting to ftp.example.net", ...login, "> PWD"];
    expect(controlSessions([...first, ...second].map(line)).map((session) => session.length)).toEqual([
      first.length,
      second.length,
    ]);
    const unseen = [...login.slice(1), ...passive, ...login.slice(1)].map(line);
    expect(controlSessions(unseen)).toHaveLength(2);
  });

  it("are not told apart by HOST, REIN or a greeting of several lines", () => {
    expect(controlSessions(["< 220 ready", "> HOST a", "< 220 a", ...login.slice(1)].map(line))).toHaveLength(1);
    expect(controlSessions(["< 220-Welcome", "< 220 ready", ...login.slice(1)].map(line))).toHaveLength(1);
  });

  it("end where the first ended that came furthest", () => {
    const upload = [...login, ...passive, "> STOR a", "< 150 Ok", "< 426 Aborted"];
    const again = [...login, ...passive];
    expect(ending([...upload, ...again])).toEqual({ stage: "transfer", replyCode: 426 });
    expect(failedSessionOf([...upload, ...again].map(line), ftp)).toHaveLength(upload.length);
    // Of two that came as far, the first tells why there was a second.
    const refused = [...login, ...passive, "> STOR a", "< 550 No such folder"];
    expect(ending([...upload, ...refused])).toEqual({ stage: "transfer", replyCode: 426 });
    // A first try that was turned away says less than the second, which came further.
    expect(ending(["< 421 Too many connections", ...login, ...passive])).toEqual({
      stage: "data-connect",
      replyCode: null,
    });
  });

  it("end with the one that failed, though another had worked before", () => {
    const worked = [...login, ...passive, "> LIST", "< 150 Ok", "< 226 Done"];
    expect(ending([...worked, "< 220 ready", "> USER lab1", "< 530 Too many users"])).toEqual({
      stage: "login",
      replyCode: 530,
    });
  });
});

describe("what a client does after a refusal", () => {
  it("does not hide it: another data command, and no transfer after it", () => {
    const refused = [...login, ...passive, "> LIST", "< 522 Data connections must be encrypted."];
    expect(ending([...refused, ...passive])).toEqual({ stage: "protection", replyCode: 522 });
    const rejected = [...login, ...passive, "> LIST", "< 550 No such file"];
    expect(ending([...rejected, ...passive])).toEqual({ stage: "transfer", replyCode: 550 });
  });

  it("counts where it comes to another end", () => {
    const refused = [...login, ...passive, "> LIST", "< 550 No such file", ...passive, "> NLST", "< 150 Ok"];
    expect(ending(refused)).toEqual({ stage: "transfer", replyCode: null });
  });
});

describe("a refusal outside of the usual steps", () => {
  it("in the place of the greeting is the greeting's, whatever the client sent meanwhile", () => {
    expect(ending(["< 421 Too many users"])).toEqual({ stage: "greeting", replyCode: 421 });
    expect(ending(["< 421 Too many users", "> FEAT"])).toEqual({ stage: "greeting", replyCode: 421 });
  });

  it("of a folder ends the session before any data command", () => {
    expect(ending([...login, "> CWD none", "< 550 Failed to change directory.", "> QUIT", "< 221 Bye"])).toEqual({
      stage: "data-command",
      replyCode: 550,
    });
    // Where the client goes on, it is none.
    expect(ending([...login, "> MKD a", "< 550 File exists", ...passive])).toEqual({
      stage: "data-connect",
      replyCode: null,
    });
  });
});

it("reads a 229 with any delimiter (RFC 2428 section 2)", () => {
  expect(endpointOf("229 Entering Extended Passive Mode (!!!50001!)")).toEqual({ address: null, port: 50_001 });
  expect(endpointOf("229 Entering Extended Passive Mode (|||50001|)")).toEqual({ address: null, port: 50_001 });
  for (const text of ["229 (111500011)", "229 (!!!70000!)", "229 (!!50001!)", "229 50001"])
    expect(endpointOf(text)).toBeNull();
});

it("keeps each line of a dialogue in its session", () => {
  const sessions = controlSessions([...login, ...login].map(line));
  expect(sessions.map((session) => readDialogue(session, traitsOf("ftp")).greeting)).toEqual([
    ["220 ready"],
    ["220 ready"],
  ]);
});

describe("a passive command", () => {
  it.each([
    ["> PASV", "< 229 Entering Extended Passive Mode (|||50123|)", "data-command"],
    ["> EPSV", "< 227 Entering Passive Mode (203,0,113,10,195,81).", "data-command"],
    ["> EPSV", "< 202 Command not implemented.", "data-command"],
    ["> EPSV", "< 229 Entering Extended Passive Mode (|||50123|)", "data-connect"],
  ])("that is answered with another code arranges no data connection: %s %s", (command, reply, stage) => {
    expect(ending([...login, command, reply], "Bad PASV/EPSV response")).toEqual({ stage, replyCode: null });
  });
});
