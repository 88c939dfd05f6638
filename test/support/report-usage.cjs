const { writeSync } = require("node:fs");

// Preloaded into a process: at its end it writes the processor time that it took, in ms, to its descriptor 3.
process.on("exit", () => {
  const { user, system } = process.cpuUsage();
  writeSync(3, String((user + system) / 1_000));
});
