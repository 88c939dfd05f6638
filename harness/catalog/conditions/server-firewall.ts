import { implicitPortOf } from "../../model/network";
import { changeServer } from "./change";
import type { Condition } from "./definition";

export const serverFirewall: Condition = {
  id: "server-firewall",
  title: "The server's own host lets in the control ports alone.",
  description:
    "The host that the server runs on has a firewall of its own. It lets in the control port, 990 for implicit TLS, and what belongs to established connections, and drops the rest, the passive range included: a server whose administrator allowed `ftp` and thought of nothing else (ufw, firewalld without its FTP helper, Windows).",
  about: "server's own firewall",
  apply: (topology) =>
    changeServer(topology, (server) => ({
      firewall: { accepts: [server.controlPort, implicitPortOf(server)].map((port) => ({ first: port, last: port })) },
    })),
};
