import { controlPortAt } from "./ports";
import type { Condition } from "./definition";

export const port2121: Condition = {
  id: "port-2121",
  title: "The server listens on port 2121, which no helper watches.",
  description:
    "Plain FTP and explicit TLS are on port 2121, forwarded and allowed like 21 in the same network; a helper still watches only its old ports.",
  about: "control port",
  apply: (topology) => controlPortAt(topology, 2121),
};
