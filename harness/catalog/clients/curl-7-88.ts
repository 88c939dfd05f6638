import { isPassive, stages, traitsOf } from "../../model/axes";
import { curlExpects } from "./curl-expects";
import { curlOptions, curlProgram, curlResumed, curlUsage } from "./curl-program";
import type { ClientDefinition } from "./definition";

/**
 * curl as Debian 12 packages it (7.88.1), in an image of that release. Unlike 8.14 it gives the control connection up to clear text
 * after CCC, and speaks no TLS on a data connection that it accepts (curl's issue 10666, mended by its pull request 10669 in 8.0).
 */
export const curl788: ClientDefinition = {
  id: "curl-7.88",
  title: "curl of Debian 12",
  defaults: { foreignAddress: "ignore", resumeSession: true },
  options: curlOptions,
  program: curlProgram({ image: "programs-bookworm", trace: () => [] }),
  resumed: curlResumed,
  usage: (usage) => (!isPassive(usage.data) && traitsOf(usage.mode).protection === "P" ? null : curlUsage(usage)),
  expects: (cell, predict, version) => {
    const expected = curlExpects(cell, predict, version);
    const { stage } = expected;
    const connects = stage === null || stages.indexOf(stage) > stages.indexOf("data-connect");
    if (isPassive(cell.data) || traitsOf(cell.mode).protection !== "P" || !connects) return expected;
    const reason = "curl 7.87 and 7.88 speak no TLS on a data connection that they accept (curl's issue 10666).";
    return { result: "failed", stage: "data-tls", cause: "client-does-not-begin-data-tls", reason };
  },
};
