/** What the first argument may be beside a scenario file or a cell id. */
export const commandNames = [
  "run",
  "list",
  "explain",
  "prove",
  "diagnose",
  "match",
  "reproduce",
  "shell",
  "setup",
  "doctor",
  "clean",
  "bench",
  "merge",
  "compare",
  "show",
  "completion",
] as const;
