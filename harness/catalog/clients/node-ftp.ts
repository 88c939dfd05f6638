import { traitsOf } from "../../model/axes";
import type { ClientDefinition } from "./definition";
import { nodeFtpProgram, nodeFtpUsage } from "./node-ftp-program";
import { tlsOptions } from "./tls-options";

/** node-ftp 0.3.10 (npm `ftp`): PASV and nothing else. It dials what 227 names, and the control connection's peer when that fails. */
export const nodeFtp: ClientDefinition = {
  id: "node-ftp",
  title: "node-ftp 0.3 (npm), in a user's own script",
  defaults: { foreignAddress: "trust", resumeSession: true },
  options: tlsOptions("rejectUnauthorized: false", "minVersion, maxVersion in secureOptions"),
  program: nodeFtpProgram({ id: "node-ftp", hasEpsv: false }),
  usage: (usage) => (traitsOf(usage.mode).tls === "implicit" ? null : nodeFtpUsage(usage, { hasEpsv: false })),
  expects: ({ mode, data }, predict) => {
    if (data !== "pasv") return null;
    if (traitsOf(mode).tls === "implicit") {
      return {
        result: "failed",
        stage: "control-connect",
        cause: "client-never-dialled",
        reason: "Its implicit mode wraps a socket that is not connected, and on the Node of today never dials.",
      };
    }
    return predict({}).stage === "data-connect" ? predict({}, { foreignAddress: "ignore" }) : null;
  },
};
