import { SessionFailure } from "../../../harness/agent/session-failure";
import { StageClock } from "../../../harness/agent/stage-clock";
import { generousDeadlines } from "../../support/agent-request";

let now = 0;
const onWaiting = jest.fn();

function startClock(): { clock: StageClock; failure: () => unknown } {
  const deadlines = { ...generousDeadlines, login: 1_000, ccc: 100 };
  const clock = new StageClock({ deadlines, now: () => now, onWaiting });
  let failure: unknown = null;
  clock.expired.catch((error: unknown) => (failure = error));
  return { clock, failure: () => failure };
}

async function pass(ms: number): Promise<void> {
  now += ms;
  await jest.advanceTimersByTimeAsync(ms);
}

beforeEach(() => {
  jest.useFakeTimers();
  now = 0;
  onWaiting.mockClear();
});

afterEach(() => {
  jest.useRealTimers();
});

test("tells how long each stage lasted, and gives a stage that recurs another span", async () => {
  const { clock } = startClock();
  await pass(10);
  clock.enter("data-command");
  await pass(5);
  clock.enter("data-connect");
  clock.enter("data-connect");
  await pass(5);
  clock.enter("data-command");
  expect(clock.stop()).toEqual([
    { stage: "control-connect", startMs: 0, endMs: 10 },
    { stage: "data-command", startMs: 10, endMs: 15 },
    { stage: "data-connect", startMs: 15, endMs: 20 },
    { stage: "data-command", startMs: 20, endMs: 20 },
  ]);
});

test("rejects with the stage whose own time is over, not with a sum of stages", async () => {
  const { clock, failure } = startClock();
  await pass(4_999);
  clock.enter("login", "Timeout (control socket)");
  await pass(999);
  expect(failure()).toBeNull();
  await pass(2);
  expect(failure()).toBeInstanceOf(SessionFailure);
  expect(failure()).toMatchObject({
    stage: "login",
    replyCode: null,
    message: "Timeout (control socket) after 1000 ms",
  });
});

test("lets an answer that lies in the kernel be read before it declares silence", async () => {
  // A busy process: at the deadline the answer is there, and is read in the poll phase that follows the timers.
  setTimeout(() => {
    setImmediate(() => {
      clock.enter("data-command");
    });
  }, 100);
  const { clock, failure } = startClock();
  clock.enter("ccc");
  await pass(150);
  clock.stop();
  expect(failure()).toBeNull();
});

test("says once that a session waits, however often it has to connect", async () => {
  const { clock } = startClock();
  await pass(140);
  clock.enter("greeting");
  await pass(140);
  clock.enter("data-connect");
  await pass(140);
  expect(onWaiting).not.toHaveBeenCalled();
  await pass(20);
  expect(onWaiting).toHaveBeenCalledTimes(1);
  clock.enter("transfer");
  clock.enter("data-connect");
  await pass(500);
  expect(onWaiting).toHaveBeenCalledTimes(1);
});

test("does not call it waiting when the server is slow", async () => {
  const { clock } = startClock();
  clock.enter("login");
  await pass(5_000);
  expect(onWaiting).not.toHaveBeenCalled();
});

test("leaves no timer behind when stopped", async () => {
  const { clock, failure } = startClock();
  clock.stop();
  clock.enter("login");
  expect(jest.getTimerCount()).toBe(0);
  await pass(10_000);
  expect(failure()).toBeNull();
  expect(onWaiting).not.toHaveBeenCalled();
});
