import { changeServerLine } from "./change";
import type { Condition } from "./definition";

export const rate1mbit: Condition = {
  id: "rate-1mbit",
  title: "The server's line carries 1 Mbit/s.",
  description:
    "The server's line is slow in both directions, with a queue that holds everything (tbf). Sessions use it one after another.",
  about: "rate",
  apply: (topology) => changeServerLine(topology, { rateKbit: 1000 }),
};
