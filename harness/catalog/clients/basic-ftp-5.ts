import { isPassive, traitsOf } from "../../model/axes";
import { basicFtpOptions, basicFtpProgram, basicFtpUsage, forgetsName } from "./basic-ftp-program";
import type { ClientDefinition } from "./definition";

/**
 * basic-ftp 5 (npm) in a user's own script. It is passive, tries EPSV first and PASV when that or its connection fails, puts the
 * control peer in place of a private address in 227 when the peer is public, and checks certificates. It sends PROT P whenever it
 * uses TLS, and resumes the session that the control connection's socket knows (`getSession`).
 */
export const basicFtp5: ClientDefinition = {
  id: "basic-ftp-5",
  title: "basic-ftp 5 (npm), in a user's own script",
  defaults: { foreignAddress: "replace-private", resumeSession: true },
  tellsCompletion: true,
  options: basicFtpOptions,
  program: basicFtpProgram({ id: "basic-ftp-5", name: "basic-ftp 5" }),
  usage: (usage) => {
    const { ccc, protection } = traitsOf(usage.mode);
    const isLacking = ccc !== "none" || protection === "C" || !isPassive(usage.data);
    return isLacking ? null : basicFtpUsage(usage);
  },
  expects: forgetsName,
};
