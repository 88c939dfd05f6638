import { isPassive, traitsOf } from "../../model/axes";
import { basicFtpOptions, basicFtpProgram, basicFtpUsage, forgetsName } from "./basic-ftp-program";
import type { ClientDefinition } from "./definition";

/** basic-ftp 4 (npm), the last of its line, in the same script as release 5. */
export const basicFtp4: ClientDefinition = {
  id: "basic-ftp-4",
  title: "basic-ftp 4 (npm), in a user's own script",
  defaults: { foreignAddress: "replace-private", resumeSession: true },
  options: basicFtpOptions,
  program: basicFtpProgram({ id: "basic-ftp-4", name: "basic-ftp 4" }),
  usage: (usage) => {
    const { ccc, protection } = traitsOf(usage.mode);
    const isLacking = ccc !== "none" || protection === "C" || !isPassive(usage.data);
    return isLacking ? null : basicFtpUsage(usage);
  },
  expects: forgetsName,
};
