/** Who may import whom: the pure core knows no Docker, no disk, no network, no clock. */
const core =
  "^harness/(model|scenario|clients|servers|conditions|plan|parse|diagnose|timeline|logs|match|reproduce|draft|bundle)/";
const shellModules =
  "^(node:)?(fs|fs/promises|net|tls|http|https|dns|child_process|os|process|worker_threads|cluster|dgram)$";

module.exports = {
  forbidden: [
    {
      name: "no-circular",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    {
      name: "core-is-pure",
      comment: "The pure core takes values and gives values.",
      severity: "error",
      from: { path: core, pathNot: "^harness/scenario/load\\.ts$" },
      to: { path: [shellModules, "node_modules/(testcontainers|dockerode|basic-ftp|commander)/"] },
    },
    {
      name: "core-knows-no-shell",
      severity: "error",
      from: { path: core },
      to: { path: ["^harness/(cli|lab|client|evidence|run|bench|setup)/", "^reports/"] },
    },
    {
      name: "model-imports-nothing",
      severity: "error",
      from: { path: "^harness/model/" },
      to: { pathNot: "^harness/model/" },
    },
    {
      name: "reports-read-the-model",
      comment: "A report is made from events and values, never from a lab.",
      severity: "error",
      from: { path: "^reports/" },
      to: { path: "^harness/", pathNot: "^harness/(model|scenario/nearest)" },
    },
    {
      name: "renderers-are-pure",
      severity: "error",
      from: { path: "^reports/", pathNot: "^reports/(write|index|page/bundle)\\.ts$" },
      to: { path: shellModules },
    },
    {
      name: "agent-stands-alone",
      comment: "The agent is bundled into one file and runs in another place than the harness.",
      severity: "error",
      from: { path: "^harness/client/", pathNot: "^harness/client/bundle\\.ts$" },
      to: { path: "^harness/", pathNot: "^harness/(client|model)/" },
    },
    { name: "no-orphans", severity: "error", from: { orphan: true, pathNot: "\\.d\\.ts$" }, to: {} },
    {
      name: "no-dev-packages",
      severity: "error",
      from: { path: "^(harness|reports)/", pathNot: "^harness/ci/check-workflows\\.ts$" },
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
