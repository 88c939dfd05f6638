const { setTimeout } = require("node:timers");

/** How long the tests' process may take to end once the last test has, in ms. */
const patienceMs = 10_000;

/** What keeps this process alive, in words: sockets with where they lead, child processes with what they run. */
function openHandles() {
  // Node has no public call that gives the handles themselves; a name alone would not tell whose they are.
  return process._getActiveHandles().flatMap((handle) => {
    if (handle === process.stdout || handle === process.stderr || handle === process.stdin) return [];
    if (handle.spawnargs !== undefined) return [`a process: ${handle.spawnargs.join(" ")}`];
    const lead = handle._host ?? handle.remoteAddress ?? handle.path ?? handle._httpMessage?.path;
    return [`${handle.constructor.name}${lead === undefined ? "" : ` to ${lead}`}`];
  });
}

/**
 * Ends the tests' output with one line that any reader can find: `N passed, N failed`. What a test left open is named,
 * and does not keep this process from ending: labs' tests run in it, one after another.
 */
module.exports = class ClosingLineReporter {
  onRunComplete(_contexts, results) {
    // A file that could not even be loaded has failed, whatever number of tests it holds.
    const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
    const skipped = results.numPendingTests + results.numTodoTests;
    const line = `${results.numPassedTests} passed, ${failed} failed`;
    process.stdout.write(`\n${skipped > 0 ? `${line}, ${skipped} skipped` : line}\n`);
    setTimeout(() => {
      process.stdout.write(`Left open by the tests: ${openHandles().join(", ")}\n`);
      process.exit();
    }, patienceMs).unref();
  }
};
