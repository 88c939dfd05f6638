import { readFileSync } from "node:fs";
import { join } from "node:path";
import { diagnose } from "../../../../harness/diagnose/diagnose";
import { gapText, gapTexts } from "../../../../harness/evidence/gap-text";
import { gapsOfSentence } from "../../../../harness/evidence/recording/gap-sentences";
import { parseRecording } from "../../../../harness/evidence/recording/parse-recording";
import { readRecording } from "../../../../harness/evidence/recording/read-recording";
import type { CellEvidence } from "../../../../harness/model/evidence";
import { gap } from "../../../support/evidence";
import { faultRecording, faultRecordings } from "../../../support/fault-recordings";

/** `double-nat-helper` in a real lab, whose `server-router` could not be asked any more when the session was over. */
const folder = "test/fixtures/recordings/unheard-router";
const reason = "double-nat-helper/server-router: the shell ended.";
const lost = gap("router", "server-router", reason);

function told({ findings }: ReturnType<typeof diagnose>): readonly string[] {
  return findings.map(({ cause, confidence }) => `${cause} (${confidence})`);
}

const causes = ["helper-blind-to-tls (shown)", "passive-address-unroutable (likely)"];

/** The recording as version 1.1 would have written it, or with anything else in `missing`. */
function withMissing(schemaVersion: string, missing: readonly unknown[], change: object = {}): CellEvidence | null {
  const recorded = JSON.parse(readFileSync(join(folder, "evidence.json"), "utf8")) as object;
  return parseRecording(JSON.stringify({ ...recorded, schemaVersion, missing, ...change })).evidence;
}

describe("a recording of version 1.2", () => {
  it("names the router that was not heard, and nothing is shown by its rules", () => {
    const { evidence, problems } = readRecording(folder);
    expect(problems).toEqual([]);
    expect(evidence?.missing).toEqual([lost]);
    expect(evidence === null ? [] : told(diagnose(evidence))).toEqual(causes);
  });

  it.each([
    ["an unknown collector", { collector: "switch", node: null, reason: "it failed" }],
    ["a sentence", "the server's logs: it failed"],
    ["a node that is none", { collector: "router", node: "../../etc", reason: "it failed" }],
  ])("that names %s may lack anything", (_, entry) => {
    const evidence = withMissing("1.2", [entry]);
    expect(evidence?.missing).toEqual([
      gap("recording", null, expect.stringMatching(/^missing: 1 of 1 entries cannot be used/) as string),
    ]);
    expect(evidence === null ? [] : told(diagnose(evidence))).toEqual(causes);
  });
});

describe("a recording of version 1.1", () => {
  it("names the same router in a sentence", () => {
    const evidence = withMissing("1.1", [`server-router: ${reason}`]);
    expect(evidence).toMatchObject({ schemaVersion: "1.3", missing: [lost] });
    expect(evidence === null ? [] : told(diagnose(evidence))).toEqual(causes);
  });

  it("is told what lies past that router, of which nothing was said then", () => {
    const captures = ["client", "server-router", "server"].map((node) => ({ node, link: "internet", cut: null }));
    const evidence = withMissing("1.1", [`server-router: ${reason}`], { captures });
    expect(evidence?.captures.map(({ cut }) => cut === null)).toEqual([true, true, false]);
  });

  it.each(faultRecordings)("that lacks nothing is read as it is: %s", (name) => {
    expect(faultRecording(name)).toMatchObject({ schemaVersion: "1.3", missing: [] });
  });
});

describe("a sentence about what is missing", () => {
  it.each([
    ["the server's logs: no such file", gap("server-log", null, "no such file")],
    ["the packets: tcpdump: it ended", gap("packets", null, "tcpdump: it ended")],
    ["the packets of router on lan: no such file", gap("packets", "router", "on lan: no such file")],
    [
      "router: the last events did not show up in time",
      gap("router-events", "router", "the last events did not show up in time"),
    ],
    [
      "router router: packets: 1 of 2 entries cannot be used",
      gap("router-events", "router", "packets: 1 of 2 entries cannot be used"),
    ],
    ["server-router: no answer", gap("router", "server-router", "no answer")],
    ["packets: no answer", gap("router", "packets", "no answer")],
    ["the-server: no answer", gap("router", "the-server", "no answer")],
  ])("has one meaning: %s", (sentence, meant) => {
    expect(gapsOfSentence(sentence, ["router"])).toEqual([meant]);
  });

  it("may be about several witnesses", () => {
    expect(gapsOfSentence("the routers, the server and the packets: evidence is off", [])).toEqual(
      (["router", "server-log", "packets"] as const).map((collector) => gap(collector, null, "evidence is off")),
    );
  });

  it.each([
    "server: it cannot be used: expected object, found nothing",
    "server.tlsLog: a list of 50000 entries is cut to 10000",
    "attempt.message: it cannot be used",
    "cell: no answer",
    "missing: expected a list, found nothing",
    "routers[1]: it cannot be used",
    "the file: it is cut short after 9 characters; what followed is lost",
    "20 more such problems",
    "tcpdump on the server: it ended",
    "",
  ])("may be about anything: %s", (sentence) => {
    expect(gapsOfSentence(sentence, ["router", "server"])).toEqual([gap("recording", null, sentence)]);
  });
});

describe("a gap in words", () => {
  it.each([
    [gap("client", null, "attempt.message: it cannot be used"), "the client: attempt.message: it cannot be used"],
    [gap("server-log", null, "no such file"), "the server's logs: no such file"],
    [gap("server-log", "server-2", "no such file"), "the logs of server-2: no such file"],
    [gap("router", "server-router", "no answer"), "server-router: no answer"],
    [gap("router-events", null, "no answer"), "the routers: no answer"],
    [gap("packets", null, "tcpdump ended"), "the packets: tcpdump ended"],
    [gap("packets", "server", "tcpdump ended"), "the packets of server: tcpdump ended"],
    [gap("recording", null, "the file: it is cut short"), "the file: it is cut short"],
  ])("names the witness and the reason", (one, text) => {
    expect(gapText(one)).toBe(text);
    expect(gapTexts([one])).toEqual([text]);
  });

  it("names witnesses together that lack for the same reason", () => {
    const off = (["router", "server-log", "packets"] as const).map((collector) =>
      gap(collector, null, "evidence is off"),
    );
    expect(gapTexts([...off, lost])).toEqual([
      "the routers, the server's logs and the packets: evidence is off",
      `server-router: ${reason}`,
    ]);
  });
});
