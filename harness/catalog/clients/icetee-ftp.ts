import { traitsOf } from "../../model/axes";
import type { ClientDefinition } from "./definition";
import { nodeFtpProgram, nodeFtpUsage } from "./node-ftp-program";
import { tlsOptions } from "./tls-options";

/**
 * @icetee/ftp 0.3 (npm), the fork of node-ftp inside promise-ftp and n8n. It is passive, sends EPSV wherever the server's FEAT names
 * it, unless `forcePasv`, and has no other way when that is refused (connection.js, `_pasv`). It dials what 227 names.
 */
export const iceteeFtp: ClientDefinition = {
  id: "icetee-ftp",
  title: "@icetee/ftp 0.3 (npm), in a user's own script",
  defaults: { foreignAddress: "trust", resumeSession: true },
  options: tlsOptions("rejectUnauthorized: false", "minVersion, maxVersion in secureOptions"),
  program: nodeFtpProgram({ id: "icetee-ftp", hasEpsv: true }),
  usage: (usage) => nodeFtpUsage(usage, { hasEpsv: true }),
  expects: ({ mode }, predict) =>
    traitsOf(mode).tls === "implicit" && predict({}).result === "worked"
      ? {
          result: "failed",
          stage: null,
          cause: null,
          unpredicted: true,
          reason:
            "In implicit mode it sends no PROT and has no TLS on data connections, and EPSV makes it dial its own host.",
        }
      : null,
};
