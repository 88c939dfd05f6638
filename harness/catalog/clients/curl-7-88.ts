import { isPassive, stages, traitsOf } from "../../model/axes";
import type { OutputLine, ProgramSession } from "../../model/program";
import { curlExpects } from "./curl-expects";
import { curlOptions, curlProgram, curlUsage } from "./curl-program";
import type { ClientDefinition } from "./definition";

/** TLS on a data connection that the server made, which curl 7.87 and 7.88 leave out. */
function lackIn(output: readonly OutputLine[], { mode, data }: ProgramSession): string | null {
  if (isPassive(data) || traitsOf(mode).protection !== "P") return null;
  const lines = output.map(({ text }) => text);
  const accepted = lines.lastIndexOf("* Connection accepted from server");
  if (accepted < 0 || lines.slice(accepted).some((text) => text.includes("TLS handshake, Client hello"))) return null;
  return "It sends no TLS Client Hello on the data connection that it has accepted.";
}

/**
 * curl as Debian 12 packages it (7.88.1), in an image of that release. Unlike 8.14 it gives the control connection up to clear text
 * after CCC, and speaks no TLS on a data connection that it accepts (curl's issue 10666, mended by its pull request 10669 in 8.0).
 */
export const curl788: ClientDefinition = {
  id: "curl-7.88",
  title: "curl of Debian 12",
  defaults: { foreignAddress: "ignore", resumeSession: true },
  options: curlOptions,
  program: curlProgram({ image: "programs-bookworm", trace: () => [], lackIn }),
  usage: (usage) => (!isPassive(usage.data) && traitsOf(usage.mode).protection === "P" ? null : curlUsage(usage)),
  expects: (cell, predict, version) => {
    const expected = curlExpects(cell, predict, version);
    const { stage } = expected;
    const connects = stage === null || stages.indexOf(stage) > stages.indexOf("data-connect");
    if (isPassive(cell.data) || traitsOf(cell.mode).protection !== "P" || !connects) return expected;
    const reason = "curl 7.87 and 7.88 speak no TLS on a data connection that they accept (curl's issue 10666).";
    return { result: "unsupported", stage: null, cause: null, reason };
  },
};
