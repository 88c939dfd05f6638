const { basename } = require("node:path");
const { default: TestRunner } = require("jest-runner");

/** Real tests that fill the machine by themselves, with many labs or with a browser. */
const heavy = ["bugs.test.ts", "page.test.ts", "remedies.test.ts"];

/** Real tests that remove every lab of this machine, other tests' too, and one that breaks programs at the moment that matters. */
const solitary = ["cleaning-up.test.ts", "seeded-faults.test.ts"];

/** Whether a test brings up labs or pages: these measure time and share one engine. */
function isReal(test) {
  return test.context.config.displayName?.name === "real";
}

/**
 * Runs real tests in two lanes, one after another in each, and all others beside them: much of a lab's life is waiting.
 * One lane begins with those that fill the machine by themselves, so that there are never two of them at the same time, and then takes
 * half of what the other has not begun, until nothing is left.
 */
module.exports = class SideBySideRunner extends TestRunner {
  /** A process of its own. What its tests leave open may keep it for 10 s. */
  #heavyLane = new TestRunner(
    { ...this._globalConfig, maxWorkers: 1, workerGracefulExitTimeout: 10_000 },
    this._context,
  );

  on(eventName, listener) {
    const stops = [super.on(eventName, listener), this.#heavyLane.on(eventName, listener)];
    return () => {
      for (const stop of stops) stop();
    };
  }

  async runTests(tests, watcher, options) {
    const real = tests.filter(isReal);
    const pure = tests.filter((test) => !isReal(test));
    if (options.serial || real.length === 0) return super.runTests(tests, watcher, options);
    const started = [this.#runReal(real, watcher, options)];
    if (pure.length > 0) started.push(super.runTests(pure, watcher, options));
    await Promise.all(started);
  }

  async #runReal(tests, watcher, options) {
    const of = (names) => tests.filter(({ path }) => names.includes(basename(path)));
    const [alone, full] = [of(solitary), of(heavy)];
    const others = tests.filter((test) => !alone.includes(test) && !full.includes(test));
    const serial = { ...options, serial: true };
    await super.runTests(alone, watcher, serial);
    const left = [...others];
    const lightLane = async () => {
      for (let next = left.shift(); next !== undefined; next = left.shift())
        await super.runTests([next], watcher, serial);
    };
    const fullLane = async () => {
      if (full.length > 0) await this.#heavyLane.runTests(full, watcher, options);
      while (left.length > 1)
        await this.#heavyLane.runTests(left.splice(-Math.ceil(left.length / 2)), watcher, options);
    };
    await Promise.all([lightLane(), fullLane()]);
  }
};
