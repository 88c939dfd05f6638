import { changeServerLine } from "./change";
import type { Condition } from "./definition";

export const delay100ms: Condition = {
  id: "delay-100ms",
  title: "The server's line takes 100 ms each way.",
  description:
    "Every packet on the server's line takes 100 ms in each direction (netem), as by satellite or around the globe.",
  about: "delay",
  apply: (topology) => changeServerLine(topology, { delayMs: 100 }),
};
