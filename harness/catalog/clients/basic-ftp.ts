import type { ClientDefinition } from "./definition";
import { isPassive, traitsOf } from "../../model/axes";
import { basicFtpVersions } from "./basic-ftp-npm";
import { basicFtpUsage } from "./basic-ftp-program";
import { idle, tlsOptions } from "./tls-options";

export const basicFtp: ClientDefinition = {
  id: "basic-ftp",
  title: "basic-ftp 6 (npm), with active mode, PROT C and CCC added by the agent",
  toldAll: "client.ftp.verbose = true",
  npm: basicFtpVersions,
  defaults: { foreignAddress: "reject", resumeSession: true },
  options: {
    "no-resume": {
      description: "data connections start a new TLS session",
      set: { resumeSession: false },
    },
    "replace-227": {
      description: "a private address in 227 is replaced by the control peer (allowSeparateTransferHost)",
      set: { foreignAddress: "replace-private" },
    },
    "trust-227": { description: "dials whatever address 227 names", set: { foreignAddress: "trust" } },
    "ignore-227": { description: "dials the control peer whatever 227 names", set: { foreignAddress: "ignore" } },
    "ccc-first": {
      description: "after CCC, sends its close_notify at once and then waits for the server's",
      set: { clearing: "first" },
    },
    "ccc-silent": { description: "after CCC, never sends a close_notify", set: { clearing: "silent" } },
    ...idle("a person who looks around first"),
    ...tlsOptions("rejectUnauthorized: false", "minVersion, maxVersion"),
  },
  program: null,
  usage: (usage) => {
    const { protection, ccc } = traitsOf(usage.mode);
    const lacks = [
      ...(ccc === "none" ? [] : ["CCC"]),
      ...(protection === "C" ? ["PROT C"] : []),
      ...(isPassive(usage.data) ? [] : ["active mode"]),
    ];
    if (lacks.length === 0) return basicFtpUsage(usage);
    // The agent's own additions are no part of the library.
    return [`// basic-ftp itself has no ${lacks.join(" and no ")}: lftp and curl have.`];
  },
};
