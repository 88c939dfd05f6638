import { createColors } from "picocolors";
import type { RunEvent } from "../../../harness/model/events";
import { LiveReporter } from "../../../reports/live";
import { allExpected, cellOf, controlOf, coreCells, expectedOf, resultOf, runInfo } from "../../support/make-report";
import { ManualClock, Screen } from "../../support/screen";

const cell = cellOf("direct", "ftp", "pasv", "list");
const unexpected = resultOf(cell, {
  result: "failed",
  stage: "data-connect",
  outcome: "unexpected",
  message: `Timeout\x1b[2J ${"x".repeat(500)}`,
});
const start: RunEvent = { kind: "run-started", run: runInfo, total: 100, labs: ["direct", "client-nat", "firewall"] };

function begin(screen = new Screen(), unicode = true): { live: LiveReporter; clock: ManualClock; screen: Screen } {
  const clock = new ManualClock();
  const live = new LiveReporter({ stream: screen, clock, colours: createColors(false), unicode });
  live.onEvent(start);
  live.onEvent({ kind: "lab-starting", topology: "direct" });
  live.onEvent({ kind: "lab-ready", topology: "direct", durationMs: 900 });
  live.onEvent({ kind: "lab-starting", topology: "client-nat" });
  return { live, clock, screen };
}

function finish(live: LiveReporter, count: number): void {
  for (const done of coreCells().slice(0, count)) {
    live.onEvent({ kind: "cell-started", planned: { cell: done, expected: expectedOf(done) }, repeat: 1 });
    live.onEvent({ kind: "cell-finished", result: resultOf(done) });
  }
}

describe("LiveReporter", () => {
  it("shows cells, outcomes, labs, and the time so far and left", () => {
    const { live, clock, screen } = begin();
    finish(live, 25);
    live.onEvent({ kind: "cell-started", planned: { cell, expected: expectedOf(cell) }, repeat: 1 });
    clock.advance(5000);
    expect(screen.text).toBe(
      [
        ` cells  ${"█".repeat(13)}${"░".repeat(39)}  25/100   25 %   5 s · about 15 s left`,
        "        25 expected · 0 unexpected · 0 lab errors",
        " labs   ✓ 0 done   ● 2 at work   ○ 1 to come",
        "        ● direct                         25 cells done, 1 under way",
        "        ● client-nat                     starting",
      ].join("\n"),
    );
  });

  it("prints unexpected cells above the block, cut to the terminal and with nothing obeyed", () => {
    const { live, clock, screen } = begin(new Screen(60));
    clock.advance(1000);
    live.onEvent({ kind: "cell-finished", result: unexpected });
    clock.advance(3000);
    const lines = screen.text.split("\n");
    expect(lines[0]).toBe("! unexpected direct/tls-optional/basic-ftp/ftp/pasv/list");
    expect(lines[1]).toBe("  expected worked, got failed at data-connect: Timeout\\x1b[");
    expect(lines[2]).toMatch(/^ cells /);
    expect(lines).toHaveLength(7);
  });

  it("prints failed controls, broken labs and notices above the block", () => {
    const { live, clock, screen } = begin();
    live.onEvent({ kind: "control-finished", control: controlOf("direct", "no-bypass", { outcome: "failed" }) });
    live.onEvent({ kind: "lab-failed", topology: "firewall", message: "no nf_nat_ftp", hint: "modprobe nf_nat_ftp" });
    live.onEvent({ kind: "notice", text: "an old lab was swept" });
    clock.advance(100);
    expect(screen.text.split("\n").slice(0, 6)).toEqual([
      "? control failed direct/control/no-bypass",
      "  No answer to an unsolicited connection.",
      "? lab broke firewall",
      "  no nf_nat_ftp",
      "  modprobe nf_nat_ftp",
      "an old lab was swept",
    ]);
    expect(screen.text).toContain("✗ 1 broken");
    expect(screen.text).toContain("1 control failed");
  });

  it("does not bury the screen under unexpected cells", () => {
    const { live, clock, screen } = begin(new Screen(100, 200));
    for (const one of coreCells().slice(0, 90))
      live.onEvent({ kind: "cell-finished", result: resultOf(one, { outcome: "unexpected" }) });
    clock.advance(100);
    expect(screen.text.match(/^! unexpected/gm)).toHaveLength(40);
    expect(screen.text.match(/^\.\.\. more unexpected cells/gm)).toHaveLength(1);
    expect(screen.text).toContain("90 unexpected");
  });

  it("redraws at most ten times a second, however many events there are", () => {
    const { live, clock, screen } = begin();
    const before = screen.writes;
    for (let ms = 0; ms < 1000; ms += 5) {
      finish(live, 1);
      clock.advance(5);
    }
    expect(screen.writes - before).toBeLessThanOrEqual(11);
    expect(screen.writes - before).toBeGreaterThanOrEqual(9);
  });

  it("keeps the time going while nothing happens", () => {
    const { clock, screen } = begin();
    clock.advance(7000);
    expect(screen.text).toMatch(/ 7 s$/m);
  });

  it("never wraps, also in a terminal narrower than any word", () => {
    for (const columns of [20, 40, 60]) {
      const { live, clock, screen } = begin(new Screen(columns));
      finish(live, 30);
      clock.advance(3000);
      expect(screen.text.split("\n")).toHaveLength(5);
    }
  });

  it("never takes more lines than the terminal has", () => {
    const { live, clock, screen } = begin(new Screen(100, 6));
    for (const topology of ["a", "b", "c", "d"]) live.onEvent({ kind: "lab-starting", topology });
    clock.advance(1000);
    expect(screen.text.split("\n").length).toBeLessThan(6);
    expect(screen.text).toContain("... and 6 more labs at work");
  });

  it("shows what fits into a terminal of three lines", () => {
    const { clock, screen } = begin(new Screen(100, 3));
    clock.advance(1000);
    expect(screen.text.split("\n")).toHaveLength(2);
  });

  it("leaves nothing behind when the terminal is made narrower or wider", () => {
    const { live, clock, screen } = begin(new Screen(100));
    clock.advance(1000);
    screen.resize(40);
    clock.advance(100);
    expect(screen.text.match(/^ cells /gm)).toHaveLength(1);
    expect(screen.text.split("\n")).toHaveLength(5);
    screen.resize(120);
    finish(live, 1);
    clock.advance(100);
    expect(screen.text.split("\n")).toHaveLength(5);
    expect(screen.text).toMatch(/█*░{50}/);
  });

  it("hides the cursor, and at the end takes the block away and gives the cursor back", async () => {
    const { live, clock, screen } = begin();
    clock.advance(1000);
    expect(screen.isCursorShown).toBe(false);
    live.onEvent({ kind: "cell-finished", result: unexpected });
    live.onEvent({ kind: "run-finished", report: allExpected(), folder: null });
    expect(screen.text).toMatch(/^! unexpected .*\n {2}expected worked.*$/);
    expect(screen.isCursorShown).toBe(true);
    await live.close();
    expect([clock.pending, screen.listenerCount]).toEqual([0, 0]);
  });

  it("gives the cursor back when it is closed in the middle, and draws no more", async () => {
    const { live, clock, screen } = begin();
    clock.advance(1000);
    await live.close();
    live.onEvent({ kind: "notice", text: "late" });
    clock.advance(5000);
    expect(screen.text).toBe("");
    expect(screen.isCursorShown).toBe(true);
  });

  it("leaves the terminal alone when it is closed before anything happened", async () => {
    const screen = new Screen();
    const options = { stream: screen, clock: new ManualClock(), colours: createColors(false), unicode: true };
    await new LiveReporter(options).close();
    expect(screen.writes).toBe(0);
  });

  it("keeps to ASCII for a terminal that is not UTF-8", () => {
    const { live, clock, screen } = begin(new Screen(), false);
    finish(live, 50);
    live.onEvent({ kind: "notice", text: "déjà" });
    clock.advance(3000);
    expect(screen.text).toMatch(/^[\x20-\x7e\n]+$/);
    expect(screen.text).toMatch(/ cells {2}#+\.+ {2}50\/100 {3}50 % {3}3 s \| about 3 s left/);
  });

  it("draws for 80 columns where the terminal does not tell its size", () => {
    const screen = new Screen(200);
    const stream = { write: screen.write.bind(screen), on: () => undefined, off: () => undefined, columns: 0 };
    const clock = new ManualClock();
    const live = new LiveReporter({ stream, clock, colours: createColors(false), unicode: true });
    live.onEvent(start);
    clock.advance(100);
    const [bar = ""] = screen.text.split("\n");
    expect(bar.length).toBeGreaterThan(60);
    expect(bar.length).toBeLessThan(80);
  });
});
