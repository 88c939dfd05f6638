import { traitsOf } from "../../model/axes";
import { npmPath } from "../../model/ftp-site";
import { isOlder } from "../releases/version";
import { basicFtp5 } from "./basic-ftp-5";
import { basicFtpProgram } from "./basic-ftp-program";
import type { ClientDefinition, NpmLibrary } from "./definition";

const script = "basic-ftp-npm";

/** Before 4.6.4 it forgets the server's name on every data connection (its change log, issues 166 and 179). */
const alwaysForgetsName: NonNullable<ClientDefinition["expects"]> = ({ mode, client }, predict) => {
  const isChecked = !client.split("+").includes("no-check");
  if (traitsOf(mode).protection !== "P" || !isChecked || predict({}).result !== "worked") return null;
  const reason = "basic-ftp before 4.6.4 forgets the server's name on data connections, and Node asks for localhost.";
  return { result: "failed", stage: "data-tls", cause: "certificate-name-mismatch", reason };
};

/** Each version of basic-ftp from 3.0.0 to the last of release 6, in the same script as releases 4 and 5. */
export const basicFtpVersions: NpmLibrary = {
  package: "basic-ftp",
  script,
  at: (version) => {
    // Before, connections were set up in another way; of what comes after release 6 nobody knows anything.
    if (isOlder(version, "3.0.0") || !isOlder(version, "7.0.0")) return null;
    return {
      ...basicFtp5,
      // Its change log: since 6.0.0 only with allowSeparateTransferHost.
      ...(isOlder(version, "6.0.0") ? {} : { defaults: { ...basicFtp5.defaults, foreignAddress: "reject" as const } }),
      title: `basic-ftp ${version} (npm), in a user's own script`,
      ...(isOlder(version, "4.6.4") ? { expects: alwaysForgetsName } : {}),
      program: basicFtpProgram({
        id: script,
        name: `basic-ftp ${version}`,
        library: `${npmPath("basic-ftp")}/dist/`,
        // Its change log: since 4.6.0.
        hasImplicit: !isOlder(version, "4.6.0"),
      }),
    };
  },
};
