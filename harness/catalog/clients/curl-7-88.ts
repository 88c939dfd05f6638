import { curl, curlAt } from "./curl";
import type { ClientDefinition } from "./definition";
import { curlProgram } from "./curl-program";

/** curl as Debian 12 packages it (7.88.1): another name of `curl@bookworm`. */
export const curl788: ClientDefinition = {
  id: "curl-7.88",
  title: "curl of Debian 12",
  defaults: curl.defaults,
  options: curl.options,
  ...(curl.resumed === undefined ? {} : { resumed: curl.resumed }),
  ...curlAt("7.88.1"),
  program: curlProgram({ image: "programs-bookworm", trace: () => [] }),
};
