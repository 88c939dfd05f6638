const { constants, setPriority } = require("node:os");

// A worker of Jest's leaves the processors to the labs beside it, whose sessions have deadlines.
if (process.send !== undefined) setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
