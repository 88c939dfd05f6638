import type { SessionRequest, StageDeadlines } from "../../harness/model/agent-protocol";
import { stages } from "../../harness/model/axes";

export const generousDeadlines = Object.fromEntries(stages.map((stage) => [stage, 5_000])) as StageDeadlines;

/** A session with a server on loopback; fields that matter to a test are named by it. */
export function sessionRequest(fields: Partial<SessionRequest> & Pick<SessionRequest, "port" | "ca">): SessionRequest {
  return {
    kind: "session",
    id: "1",
    mode: "ftp",
    data: "pasv",
    operation: "list",
    host: "127.0.0.1",
    family: 4,
    localAddress: "127.0.0.1",
    user: "lab",
    password: "secret",
    options: { foreignAddress: "reject", resumeSession: true },
    deadlines: generousDeadlines,
    folder: "/files",
    files: [],
    ...fields,
  };
}
