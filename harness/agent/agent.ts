/** Runs in the client's container as `node agent.js`: requests on stdin, messages on stdout, one JSON value a line. */
import { writeSync } from "node:fs";
import { version } from "basic-ftp/package.json";
import { protocolLine, type AgentMessage } from "../model/agent-protocol";
import { describeFault, serve } from "./serve";

function say(message: AgentMessage): void {
  process.stdout.write(protocolLine(message));
}

// An error outside any session's promises belongs to no session: report it and stop, before a verdict rests on it.
process.on("uncaughtException", (error) => {
  writeSync(1, protocolLine({ kind: "fault", id: null, message: describeFault(error) }));
  process.exit(1);
});

say({
  kind: "ready",
  versions: { node: process.versions.node, openssl: process.versions.openssl, "basic-ftp": version },
});

void serve(process.stdin, say).then(() => {
  // The harness is gone, or has all it asked for: sessions in hand end here, and their sockets with the process.
  process.exit(0);
});
