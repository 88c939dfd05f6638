import { timelineOf } from "../../../../harness/evidence/timeline/timeline";
import { cut, storyOf } from "../../../../harness/evidence/timeline/story";
import { recordedSession, recordedSessions, type RecordedSession } from "../../../support/recorded-sessions";

function storyFrom(name: RecordedSession) {
  return storyOf(timelineOf(recordedSession(name)));
}

describe("storyOf", () => {
  it("tells what a helper read, rewrote and expected", () => {
    const story = storyFrom("227-rewritten");
    const reply = story.find(({ kind, text }) => kind === "line" && text.startsWith("227 "));
    expect(reply).toMatchObject({ from: "server", to: "client", changes: [{ node: "router" }] });
    expect(reply?.changes?.[0]?.text).not.toBe(reply?.text);
    expect(story.some(({ kind, text }) => kind === "expectation" && text.startsWith("expects "))).toBe(true);
    expect(story.some(({ kind, isData, failed }) => kind === "packet" && isData === true && failed !== true)).toBe(
      true,
    );
  });

  it("tells where a data connection ended, and by which rule or policy", () => {
    const story = storyFrom("229-unread");
    expect(story).toContainEqual(
      expect.objectContaining({ kind: "packet", from: "client", to: "router", isData: true, failed: true }),
    );
    expect(story).toContainEqual(
      expect.objectContaining({
        kind: "rule",
        from: "router",
        failed: true,
        text: expect.stringMatching(/^DROP in /) as string,
      }),
    );
    expect(story.find(({ text }) => text.startsWith("229 "))).toMatchObject({ hidden: true });
  });

  it.each(recordedSessions)("of %s tells each failure once, in order, and the whole dialogue", (name) => {
    const evidence = recordedSession(name);
    const story = storyFrom(name);
    const failures = story.filter(({ kind, failed }) => failed === true && kind !== "stage").map(({ text }) => text);
    expect(new Set(failures).size).toBe(failures.length);
    const said = evidence.attempt.transcript.flatMap(({ direction, text }) => (direction === ">" ? [text] : []));
    expect(story.filter(({ kind, from }) => kind === "line" && from === "client").map(({ text }) => text)).toEqual(
      said,
    );
    expect(story.some(({ text }) => text.length > 300)).toBe(false);
  });

  it("keeps the end of a session that is too long to tell", () => {
    const timeline = timelineOf(recordedSession("download"));
    const line = { kind: "line", from: "client", received: null, encrypted: false, rewrittenBy: [] } as const;
    const entries = Array.from({ length: 500 }, (_, atMs) => ({ ...line, atMs, sent: `NOOP ${atMs}` }));
    expect(
      storyOf({ ...timeline, entries })
        .map(({ text }) => text)
        .at(-1),
    ).toBe("NOOP 499");
    expect(storyOf({ ...timeline, entries })).toHaveLength(80);
  });
});

describe("cut", () => {
  it("leaves short text as it is and ends long text with a sign", () => {
    expect(cut("abc", 3)).toBe("abc");
    expect(cut("abcd", 3)).toBe("ab…");
  });
});
