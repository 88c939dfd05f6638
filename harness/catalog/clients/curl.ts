import { isPassive, stages, traitsOf } from "../../model/axes";
import type { OutputLine, ProgramSession } from "../../model/program";
import { clears, curlExpects } from "./curl-expects";
import { curlOptions, curlProgram, curlResumed, curlUsage } from "./curl-program";
import { isOlder } from "../releases/version";
import type { ClientDefinition } from "./definition";

/** What the session shows that curl does not do after CCC. */
function lackIn(output: readonly OutputLine[], { mode }: ProgramSession): string | null {
  if (traitsOf(mode).ccc === "none") return null;
  const lines = output.map(({ text }) => text);
  const cleared = lines.findIndex((text) => text.includes("[SSL] shutdown and remove SSL, done -> 0"));
  if (cleared < 0) return null;
  const since = lines.slice(cleared + 1);
  const answered = since.findIndex((text) => text.startsWith("< "));
  const next = answered < 0 ? since : since.slice(0, answered);
  const kept = next.find((text) => /ossl_bio_cf_out_write|SSL_write\(\) error/.test(text));
  return kept === undefined ? null : `It goes on to speak TLS after CCC (${kept.replace(/^\* /, "")}).`;
}

/**
 * curl 8.1.0 to 8.16.0 take the TLS filter off the control connection in name only (Curl_ssl_cfilter_remove; fixed by curl's pull request
 * 18596 in 8.17.0): after CCC their PWD goes out inside TLS, or not at all.
 */
const keepsTls = {
  program: curlProgram({
    image: "programs",
    // Shows what still passes through TLS.
    trace: ({ mode }) => (traitsOf(mode).ccc === "none" ? [] : ["--trace-config", "ssl"]),
    lackIn,
  }),
  // `expects` says what it does after CCC.
  usage: (usage) => (traitsOf(usage.mode).ccc === "none" ? curlUsage(usage) : null),
  expects: (cell, predict, version) => {
    const expected = curlExpects(cell, predict, version);
    if (!clears(cell, predict)) return expected;
    const reason = "curl 8.1.0 to 8.16.0 go on to speak TLS on the control connection after CCC.";
    return { result: "unsupported", stage: null, cause: null, reason };
  },
} as const satisfies Partial<ClientDefinition>;

/** A curl that clears the control connection after CCC. */
const clearsTls = {
  program: curlProgram({ image: "programs", trace: () => [] }),
  usage: curlUsage,
  expects: (cell, predict, version) => curlExpects(cell, predict, version),
} as const satisfies Partial<ClientDefinition>;

/** curl 8.22 and 8.23 resume every data connection of a session, as it was measured; 8.21 and those before run out of tickets. */
const resumesAlways = {
  ...clearsTls,
  expects: (cell, predict, version) => curlExpects(cell, predict, version, {}),
} as const satisfies Partial<ClientDefinition>;

/** curl 7.87 and 7.88 speak no TLS on a data connection that they accept (curl's issue 10666, fixed by its pull request 10669 in 8.0). */
const withoutActiveTls = {
  ...clearsTls,
  usage: (usage) => (!isPassive(usage.data) && traitsOf(usage.mode).protection === "P" ? null : curlUsage(usage)),
  expects: (cell, predict, version) => {
    const expected = curlExpects(cell, predict, version);
    const { stage } = expected;
    const connects = stage === null || stages.indexOf(stage) > stages.indexOf("data-connect");
    if (isPassive(cell.data) || traitsOf(cell.mode).protection !== "P" || !connects) return expected;
    const reason = "curl 7.87 and 7.88 speak no TLS on a data connection that they accept (curl's issue 10666).";
    const isUpload = cell.operation === "upload";
    if (isUpload || traitsOf(cell.mode).tls === "implicit") {
      // An upload's clear text gets 425 where the server waits for TLS; of implicit TLS curl shows no command that would tell the stage.
      return { result: "failed", stage: isUpload ? "data-tls" : "transfer", cause: null, reason };
    }
    return { result: "failed", stage: "data-tls", cause: "client-does-not-begin-data-tls", reason };
  },
} as const satisfies Partial<ClientDefinition>;

/** How a version of curl differs from others. */
export function curlAt(version: string): Pick<ClientDefinition, "program" | "usage" | "expects"> {
  if (!isOlder(version, "8.1.0") && isOlder(version, "8.17.0")) return keepsTls;
  if (!isOlder(version, "8.22.0")) return resumesAlways;
  return !isOlder(version, "7.87.0") && isOlder(version, "8.0.0") ? withoutActiveTls : clearsTls;
}

export const curl: ClientDefinition = {
  id: "curl",
  title: "curl of Debian 13",
  toldAll: "curl -v",
  defaults: { foreignAddress: "ignore", resumeSession: true },
  options: curlOptions,
  resumed: curlResumed,
  debian: { package: "curl", images: { bookworm: "programs-bookworm" }, at: curlAt },
  ...keepsTls,
};
