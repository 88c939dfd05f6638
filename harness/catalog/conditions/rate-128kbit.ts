import { changeServerLine } from "./change";
import type { Condition } from "./definition";

export const rate128kbit: Condition = {
  id: "rate-128kbit",
  title: "The server's line carries 128 kbit/s.",
  description:
    "As `rate-1mbit`, at the speed of ISDN with both channels: the longest file here takes two seconds, in which the control connection is silent.",
  about: "rate",
  apply: (topology) => changeServerLine(topology, { rateKbit: 128 }),
};
