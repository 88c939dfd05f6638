import type { KnownNames } from "../../harness/inputs/scenario-file";

/** A small world for scenarios to name; not the real lists, so that those may grow. */
export const known: KnownNames = {
  topologies: {
    ids: ["direct", "firewall", "firewall-helper", "server-nat", "server-nat-helper"],
    further: [],
    conditions: ["narrow", "reject"],
    compose: (id, conditions) =>
      id === "direct"
        ? { problem: `\`${conditions.join("+")}\` has no meaning in direct, which has no router` }
        : { id: [id, ...[...conditions].sort()].join("+") },
  },
  servers: new Map([
    ["plain-only", []],
    ["tls-optional", ["self-signed", "expired", "tls1.2", "tls1.3"]],
    ["tls-required", []],
  ]),
  clients: new Map([
    ["basic-ftp", ["no-resume", "trust-227"]],
    ["curl", ["pret"]],
  ]),
};
