import { makeHelpers } from "./change";
import type { Condition } from "./definition";

export const helper227Only: Condition = {
  id: "helper-227-only",
  title: "The helper understands 227 and nothing else.",
  description:
    "The routers follow PASV as RFC 959 has it, and know neither 229 (EPSV, RFC 2428) nor PORT and EPRT, as some application level gateways do.",
  about: "what the helper understands",
  apply: (topology) => makeHelpers(topology, { helperKnows: ["227"] }),
};
