import { changeRouters, makeHelpers } from "./change";
import { isApplicable, type Condition } from "./definition";
import { controlPortAt } from "./ports";

export const port2121Helper: Condition = {
  id: "port-2121-helper",
  title: "The server listens on port 2121, and the helper watches it.",
  description: "As `port-2121`, and the helper is attached to connections to port 2121 too.",
  about: "control port",
  apply: (topology) => {
    const helped = makeHelpers(topology, {});
    if (!isApplicable(helped)) return helped;
    return changeRouters(controlPortAt(helped, 2121), ({ helperPorts }) => ({
      helperPorts: helperPorts.length === 0 ? [] : [...helperPorts, 2121],
    }));
  },
};
