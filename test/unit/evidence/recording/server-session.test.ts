import { readServerTexts, sessionOf, type Identity } from "../../../../harness/evidence/recording/server-session";
import type { LoggedExchange, ServerLogs } from "../../../../harness/evidence/text/server-log";
import type { Attempt } from "../../../../harness/model/cell";
import { makeAttempt } from "../../../support/attempts";
import { makeCell } from "../../../support/cells";
import { line } from "../../../support/simulated-evidence";

const peer = "203.0.113.33";
const client: Identity = { address: peer, flows: null };
const login = ["< 220 ready", "> USER lab1", "< 331 Password", "> PASS ###", "< 230 Logged in"];

function logged(
  session: string,
  at: number,
  commands: readonly (readonly [string, number | null])[],
): readonly LoggedExchange[] {
  return commands.map(([command, replyCode], index) => ({
    ...{ session, peer, peerPort: null, command, replyCode, reply: "" },
    at: at + index,
  }));
}

function logsOf(change: Partial<ServerLogs>) {
  const empty = new Map<string, readonly string[]>();
  const logs = { exchanges: [], tlsLog: empty, systemLog: empty, transferLog: empty, ...change };
  const texts = { node: "server", software: "proftpd", configuration: "" } as const;
  return readServerTexts({ ...texts, dialogue: "", tlsLog: "", systemLog: "", transferLog: "" }, logs);
}

function commandsOf(logs: ReturnType<typeof logsOf>, attempt: Attempt, who = client): readonly string[] | null {
  const found = sessionOf([logs], { attempt, cell: makeCell({ mode: "ftp", data: "pasv" }), user: "lab1" }, who);
  return found?.evidence.exchanges.map(({ command }) => command) ?? null;
}

function failed(lines: readonly string[], change: Partial<Attempt> = {}): Attempt {
  return makeAttempt({ result: "failed", stage: "transfer", replyCode: 426, transcript: lines.map(line), ...change });
}

describe("the server's log of the session that failed", () => {
  const first = logged("7", 1, [
    ["USER lab1", 331],
    ["PASS (hidden)", 230],
    ["STOR a", 426],
  ]);
  const second = logged("9", 9, [
    ["USER lab1", 331],
    ["PASS (hidden)", 230],
    ["PWD", 257],
  ]);
  const upload = [...login, "> PASV", "< 227 (203,0,113,10,195,81)", "> STOR a", "< 150 Ok", "< 426 Aborted"];

  it("is the one in the client's own place, where it logged in as often as the server saw", () => {
    const logs = logsOf({ exchanges: [...first, ...second] });
    expect(commandsOf(logs, failed([...upload, ...login, "> PWD"]))).toEqual(["USER lab1", "PASS (hidden)", "STOR a"]);
  });

  it("is the most alike where the server saw more of them than the client shows", () => {
    const third = logged("11", 20, [
      ["USER lab1", 331],
      ["PASS (hidden)", 230],
    ]);
    const logs = logsOf({ exchanges: [...first, ...second, ...third] });
    expect(commandsOf(logs, failed([...upload, ...login, "> PWD"]))).toEqual(["USER lab1", "PASS (hidden)", "STOR a"]);
  });

  it("is the last one of a client that worked, or that shows one session", () => {
    const logs = logsOf({ exchanges: [...first, ...second] });
    const lines = [...upload, ...login, "> PWD"];
    expect(commandsOf(logs, failed(lines, { result: "worked" }))).toEqual(["USER lab1", "PASS (hidden)", "PWD"]);
    expect(commandsOf(logs, failed(login))).toEqual(["USER lab1", "PASS (hidden)", "PWD"]);
  });

  it("is found by the client's address where no command was sent", () => {
    const systemLog = new Map([["5", [`Connection from ${peer} [${peer}] denied`]]]);
    const logs = logsOf({
      systemLog,
      peers: new Map([
        ["5", peer],
        ["6", "203.0.113.99"],
      ]),
    });
    const attempt = failed([], { stage: "greeting", replyCode: null });
    const found = sessionOf([logs], { attempt, cell: makeCell({ mode: "ftp" }), user: "lab1" }, client);
    expect(found?.evidence.systemLog).toEqual([`Connection from ${peer} [${peer}] denied`]);
    // Others share the address of a router.
    const behind = { address: peer, flows: new Set<string>() };
    const shared = logsOf({
      systemLog,
      peers: new Map([
        ["5", peer],
        ["6", peer],
      ]),
    });
    expect(commandsOf(shared, attempt, behind)).toBeNull();
  });

  it("is what the server says of a connection that it closed at once, where the client heard nothing meanwhile", () => {
    const text = "MaxInstances (1) reached, new connection denied";
    const logs = logsOf({ denials: [{ at: 100.5, text }] });
    const found = (change: Partial<Attempt>, lines: readonly string[] = ["> QUIT"]) => {
      const attempt = failed(lines, { stage: "greeting", replyCode: null, startedAt: 100, durationMs: 900, ...change });
      return sessionOf([logs], { attempt, cell: makeCell({ mode: "ftp" }), user: "lab1" }, client)?.evidence.systemLog;
    };
    expect(found({})).toEqual([text]);
    expect(found({ startedAt: 101 })).toBeUndefined();
    expect(found({ durationMs: 400 })).toBeUndefined();
    expect(found({}, ["< 220 ready"])).toBeUndefined();
    expect(found({ result: "worked" })).toBeUndefined();
  });
});
