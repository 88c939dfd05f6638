import { npmPath } from "../../model/ftp-site";
import { isOlder } from "../releases/version";
import { basicFtp5 } from "./basic-ftp-5";
import { basicFtpProgram } from "./basic-ftp-program";
import type { NpmLibrary } from "./definition";

const script = "basic-ftp-npm";

/** Each version of basic-ftp since 3.0.0, in the same script as releases 4 and 5. */
export const basicFtpVersions: NpmLibrary = {
  package: "basic-ftp",
  script,
  at: (version) => {
    // Before, its classes were no classes, and connections were set up in another way.
    if (isOlder(version, "3.0.0")) return null;
    return {
      ...basicFtp5,
      title: `basic-ftp ${version} (npm), in a user's own script`,
      // allowSeparateTransferHost is false since 6.0.0.
      defaults: { ...basicFtp5.defaults, foreignAddress: isOlder(version, "6.0.0") ? "replace-private" : "reject" },
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
