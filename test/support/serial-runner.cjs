const { default: TestRunner } = require("jest-runner");

/** Runs test files one after another and nothing beside them: labs and pages measure time, and share one engine. */
module.exports = class SerialRunner extends TestRunner {
  isSerial = true;
};
