/** Labs as their witnesses recorded them, kept in `test/fixtures/evidence`: a folder a lab, with a text for each witness. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { LabTexts, SessionRecord } from "../../harness/evidence/recording/assemble";

const root = join(__dirname, "..", "fixtures", "evidence");

/** What the collectors brought from a lab, and the sessions that ran in it side by side. */
export type LabRecording = { readonly sessions: readonly SessionRecord[]; readonly texts: LabTexts };

export function labRecording(name: string): LabRecording {
  const text = (file: string): string => readFileSync(join(root, name, file), "utf8");
  const { routers, sessions } = JSON.parse(text("sessions.json")) as {
    /** Ids, in the order client to server. */
    readonly routers: readonly string[];
    readonly sessions: readonly SessionRecord[];
  };
  return {
    sessions,
    texts: {
      routers: routers.map((router) => ({
        router,
        trace: text(`${router}.trace.txt`),
        connections: text(`${router}.connections.txt`),
        expectations: text(`${router}.expectations.txt`),
        rules: text(`${router}.rules.txt`),
      })),
      servers: [
        {
          node: "server",
          software: "proftpd",
          dialogue: text("server.dialogue.txt"),
          tlsLog: text("server.tls-log.txt"),
          systemLog: text("server.system-log.txt"),
          // Recorded before the transfer log was.
          transferLog: "",
          configuration: text("server.configuration.txt"),
        },
      ],
      captures: [],
      missing: [],
    },
  };
}
