/**
 * Who may import whom. Rooms stand in one order, and a room imports only rooms before it, types included.
 * `harness/README.md` says what each of them holds.
 */
const rooms = [
  "harness/model",
  "harness/net",
  "harness/text",
  "harness/ftp",
  "harness/evidence",
  "harness/catalog",
  "harness/plan",
  "harness/diagnose",
  "harness/inputs",
  "harness/import",
  "harness/lab",
  "harness/agent",
  "harness/run",
  "harness/bugs",
  "reports",
  "harness/tools",
  "harness/cli",
];
const room = (name) => `^${name}/`;
const after = (name) => rooms.slice(rooms.indexOf(name) + 1);

/** Rooms of values: they know no disk, network, Docker, clock, chance or environment. */
const pure = ["model", "net", "text", "ftp", "evidence", "catalog", "plan", "diagnose", "inputs", "import", "bugs"].map(
  (name) => `harness/${name}`,
);
/** The files of those rooms that read or write the disk, or run a lab, for the others. */
const impure = [
  "^harness/bugs/reproduce/reproduce\\.ts$",
  "^harness/inputs/load\\.ts$",
  "^harness/evidence/recording/(store|read-recording)\\.ts$",
  "^reports/(write|index|read-report|page/parts)\\.ts$",
];
/** The interfaces by which `run/` knows the lab. */
const labPort = "^harness/lab/lab-port\\.ts$";
const shellModules =
  "^(node:)?(fs|fs/promises|net|tls|http|https|dns|child_process|os|process|worker_threads|cluster|dgram)$";
const labPackages = "node_modules/(testcontainers|dockerode|basic-ftp|commander)/";

module.exports = {
  forbidden: [
    { name: "no-circular", severity: "error", from: {}, to: { circular: true } },
    ...rooms.map((name) => ({
      name: `${name.replace("harness/", "")}-imports-only-what-stands-before-it`,
      severity: "error",
      from: { path: room(name) },
      to: { path: ["^harness/[^/]+\\.ts$", ...after(name).map(room)] },
    })),
    {
      name: "model-imports-nothing",
      severity: "error",
      from: { path: room("harness/model") },
      to: { pathNot: room("harness/model") },
    },
    {
      name: "pure-rooms-touch-nothing",
      comment: "They take values and give values.",
      severity: "error",
      from: { path: [...pure, "reports"].map(room), pathNot: impure },
      to: { path: [shellModules, labPackages] },
    },
    {
      name: "reports-render-values",
      comment: "A report is made from events and values, never from a lab.",
      severity: "error",
      from: { path: room("reports") },
      to: { path: "^harness/", pathNot: "^harness/(model|net|text|ftp|evidence)/" },
    },
    {
      name: "agent-stands-alone",
      comment: "The agent is bundled into one file and runs in another place than the harness.",
      severity: "error",
      from: { path: room("harness/agent") },
      to: { path: "^harness/", pathNot: "^harness/(agent|model)/" },
    },
    {
      name: "run-knows-the-lab-by-its-port",
      comment:
        "What runs cells can then be tried without an engine. Two files alone are given one, and open the site on it.",
      severity: "error",
      from: { path: room("harness/run"), pathNot: "^harness/run/run-(matrix|one)\\.ts$" },
      to: { path: room("harness/lab"), pathNot: labPort },
    },
    {
      name: "the-port-knows-no-lab",
      severity: "error",
      from: { path: labPort },
      to: { path: room("harness/lab") },
    },
    { name: "no-orphans", severity: "error", from: { orphan: true, pathNot: "\\.d\\.ts$" }, to: {} },
    {
      name: "no-dev-packages",
      comment: "Nobody has them where the package is installed. The build puts what agent and page need into dist/.",
      severity: "error",
      from: {
        path: "^(harness|reports)/",
        pathNot: ["^harness/tools/(build/|nightly/check-workflows\\.ts$)", "^harness/agent/", "^reports/page/"],
      },
      to: { dependencyTypes: ["npm-dev", "npm-no-pkg", "npm-unknown"], dependencyTypesNot: ["type-only"] },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["node", "require", "types"] },
  },
};
