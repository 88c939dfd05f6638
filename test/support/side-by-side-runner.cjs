const { default: TestRunner } = require("jest-runner");

/** Whether a test brings up labs or pages: these measure time and share one engine. */
function isReal(test) {
  return test.context.config.displayName?.name === "real";
}

/** Runs the real tests one after another, and all others beside them: much of a lab's life is waiting. */
module.exports = class SideBySideRunner extends TestRunner {
  async runTests(tests, watcher, options) {
    const real = tests.filter(isReal);
    const pure = tests.filter((test) => !isReal(test));
    if (options.serial || real.length === 0) return super.runTests(tests, watcher, options);
    const started = [super.runTests(real, watcher, { ...options, serial: true })];
    if (pure.length > 0) started.push(super.runTests(pure, watcher, options));
    await Promise.all(started);
  }
};
