import "../../support/one-error-realm";
import { createHash } from "node:crypto";
import { modes, type Mode, type Stage } from "../../../harness/model/axes";
import type { SessionRequest } from "../../../harness/model/agent-protocol";
import type { Attempt } from "../../../harness/model/cell";
import { runSession } from "../../../harness/agent/session";
import { TlsSettings } from "../../../harness/agent/tls-settings";
import { loopbackCertificate } from "../../support/loopback-certificate";
import { ScriptedServer, type Script, type ScriptedServerOptions } from "../../support/scripted-server";
import { generousDeadlines, sessionRequest } from "../../support/agent-request";

const files = new Map([
  ["empty", Buffer.alloc(0)],
  ["one", Buffer.from("1")],
  ["many", Buffer.alloc(200_000, "many")],
]);
const remoteFiles = [...files].map(([name, { length }]) => ({ name, size: length }));
/** The scripted server has no implicit TLS: what differs there is basic-ftp's own code, seen in the lab. */
const scriptedModes = modes.filter((mode) => mode !== "ftps-implicit");

let certificate: ScriptedServerOptions["certificate"];
let server: ScriptedServer | null = null;

beforeAll(async () => {
  certificate = await loopbackCertificate();
});

afterEach(async () => {
  await server?.stop();
  server = null;
});

async function attempt(
  fields: Partial<SessionRequest>,
  options: Partial<ScriptedServerOptions> = {},
): Promise<Attempt> {
  server = await ScriptedServer.start({ certificate, files, ...options });
  const request = sessionRequest({ port: server.port, ca: certificate.cert, files: remoteFiles, ...fields });
  return runSession(request, { tls: new TlsSettings(), onWaiting: () => undefined });
}

function scripted(command: string, reply: string): { script: Script } {
  return { script: (line) => (line.startsWith(command) ? reply : undefined) };
}

function failure({ result, stage, replyCode }: Attempt): [string, Stage | null, number | null] {
  return [result, stage, replyCode];
}

test("a client that idles sends nothing between login and the first data command", async () => {
  const options = { foreignAddress: "reject", resumeSession: true, idleMs: 300 } as const;
  const { result, transcript } = await attempt({ mode: "ftps", data: "pasv", operation: "list", options });
  expect(result).toBe("worked");
  const at = transcript.findIndex(({ direction, text }) => direction === ">" && text === "PASV");
  const [before, pasv] = transcript.slice(at - 1);
  expect(before?.direction).toBe("<");
  expect(pasv!.atMs - before!.atMs).toBeGreaterThan(290);
});

describe.each(["TLSv1.2", "TLSv1.3"] as const)("%s", (version) => {
  test.each(scriptedModes.flatMap((mode) => (["pasv", "port"] as const).map((data) => [mode, data] as const)))(
    "%s with %s lists, downloads and uploads empty, small and large files",
    async (mode, data) => {
      const listed = await attempt({ mode, data, operation: "list" }, { version });
      expect(listed).toMatchObject({ result: "worked", stage: null, message: null, replyCode: null });
      await server?.stop();

      const downloaded = await attempt({ mode, data, operation: "download" }, { version });
      expect(downloaded).toMatchObject({ result: "worked" });
      expect(downloaded.transfers.map(({ clientSha256 }) => clientSha256)).toEqual([...files.values()].map(sha256));
      await server?.stop();

      const uploaded = await attempt({ mode, data, operation: "upload" }, { version });
      expect(uploaded).toMatchObject({ result: "worked" });
      expect(uploaded.transfers.map(({ name, clientSha256 }) => [`/files/${name}`, clientSha256])).toEqual(
        [...(server?.uploads ?? [])].map(([path, content]) => [path, sha256(content)]),
      );
      expect(server?.uploads.size).toBe(3);
    },
  );
});

function sha256(content: Buffer): string {
  return createHash("sha256").update(content).digest("hex");
}

test("CCC: the priming NOOP comes between CCC and the data command, and unprimed it does not", async () => {
  await attempt({ mode: "ftps-ccc" });
  expect(server?.commands.slice(-5)).toEqual(["CCC", "NOOP", "PASV", "MLSD /files", "QUIT"]);
  await server?.stop();
  await attempt({ mode: "ftps-ccc-unprimed" });
  expect(server?.commands.slice(-4)).toEqual(["CCC", "PASV", "MLSD /files", "QUIT"]);
});

test("unprimed: begins anew when chance has opened the helper's gate, and keeps what it then saw", async () => {
  // The last byte of a server's TLS is as good as random: some session in a few hundred draws 0x0a.
  let redrawn = 0;
  for (let session = 0; session < 5_000 && redrawn === 0; session += 1) {
    const result = await attempt({ mode: "ftps-ccc-unprimed", files: [], operation: "download" });
    expect(result.result).toBe("worked");
    redrawn += result.redraws;
    await server?.stop();
  }
  expect(redrawn).toBeGreaterThan(0);
}, 120_000);

test.each<[string, Mode, Partial<ScriptedServerOptions>, Stage, number | null]>([
  ["a greeting that refuses", "ftp", { greeting: "421 full" }, "greeting", 421],
  ["AUTH refused", "ftps", scripted("AUTH", "500 what"), "auth-tls", 500],
  ["AUTH refused with CCC to come", "ftps-ccc", scripted("AUTH", "500 what"), "auth-tls", 500],
  ["a password refused", "ftps-ccc", scripted("PASS", "530 no"), "login", 530],
  ["PBSZ refused", "ftps", scripted("PBSZ", "503 no"), "protection", 503],
  ["PROT refused", "ftps-clear-data", scripted("PROT", "534 no"), "protection", 534],
  ["PROT refused and CCC granted", "ftps-ccc", scripted("PROT", "534 no"), "protection", 534],
  [
    "PROT and CCC refused",
    "ftps-ccc",
    { script: (line) => (/^(PROT|CCC)/.test(line) ? "533 no" : undefined) },
    "ccc",
    533,
  ],
  ["the data command refused", "ftps", scripted("PASV", "500 no"), "data-command", 500],
  ["425 before 150", "ftp", scripted("MLSD", "425 no"), "data-connect", 425],
  ["425 after 150, protected", "ftps", scripted("MLSD", "150 here\r\n425 no"), "data-tls", 425],
  ["426 after 150, clear", "ftp", scripted("MLSD", "150 here\r\n426 no"), "transfer", 426],
  ["522", "ftps-clear-data", scripted("MLSD", "522 protect"), "protection", 522],
  ["a file that is not there", "ftp", scripted("MLSD", "550 no"), "transfer", 550],
  ["a port that cannot be", "ftp", scripted("PASV", "227 (127,0,0,1,0,0)"), "data-command", null],
  ["a data port where nobody listens", "ftp", scripted("PASV", "227 (127,0,0,1,0,1)"), "data-connect", null],
])("%s fails at its stage", async (_, mode, options, stage, code) => {
  const result = await attempt({ mode }, options);
  expect(failure(result)).toEqual(["failed", stage, code]);
  expect(result.stages.at(-1)?.stage).toBe(stage);
});

test.each<[Stage, Mode, Script]>([
  ["login", "ftps-ccc", (line) => (line.startsWith("PASS") ? "" : undefined)],
  ["ccc", "ftps-ccc", (line) => (line === "CCC" ? "200 but TLS stays" : undefined)],
  ["data-connect", "ftp", (line) => (line.startsWith("MLSD") ? "" : undefined)],
  ["data-tls", "ftps", (line) => (line.startsWith("MLSD") ? "150 here" : undefined)],
  ["transfer", "ftp", (line) => (line.startsWith("MLSD") ? "150 here" : undefined)],
])("silence at %s ends with that stage's time", async (stage, mode, script) => {
  const result = await attempt({ mode, deadlines: { ...generousDeadlines, [stage]: 60 } }, { script });
  expect(failure(result)).toEqual(["failed", stage, null]);
  expect(result.message).toMatch(/^Timeout .* after 60 ms$/);
});

test("does not blame a data connection that is there for a reply that never comes", async () => {
  const deadlines = { ...generousDeadlines, "data-connect": 60 };
  const unanswered = await attempt({ deadlines }, { script: (line) => (line.startsWith("MLSD") ? "" : undefined) });
  expect([unanswered.stage, unanswered.message]).toEqual(["data-connect", "Timeout (control socket) after 60 ms"]);
  expect(unanswered.transcript.map(({ text }) => text)).toContainEqual(expect.stringMatching(/^data connection to /));
});

test("all bytes and no 226 fails at completion", async () => {
  const deadlines = { ...generousDeadlines, completion: 60 };
  const result = await attempt({ deadlines }, { quiet: true });
  expect(failure(result)).toEqual(["failed", "completion", null]);
});

test("active mode: says when the data connection comes from elsewhere than the control connection's peer", async () => {
  const { transcript } = await attempt({ data: "port" });
  const remark = transcript.find(({ text }) => text.startsWith("data connection from"));
  expect(remark?.text).toMatch(
    /^data connection from 127\.0\.0\.3 port \d+, which is not the control .* 127\.0\.0\.1$/,
  );
});

test("the transcript hides the password and tells of TLS, resumption and CCC", async () => {
  const { transcript } = await attempt({ mode: "ftps-ccc" });
  const text = transcript.map((line) => `${line.direction} ${line.text}`).join("\n");
  expect(text).toContain("> PASS ###");
  expect(text).not.toContain("secret");
  expect(text).toMatch(/\* control TLS TLSv1.3 TLS_AES_256_GCM_SHA384\n/);
  expect(text).toContain("* control connection in clear");
  expect(text).toMatch(/\* data TLS TLSv1.3 TLS_AES_256_GCM_SHA384, (new|resumed) session/);
});

test("a listing or a size that differs fails at integrity", async () => {
  const listed = await attempt({ files: [] });
  expect(failure(listed)).toEqual(["failed", "integrity", null]);
  await server?.stop();
  const fetched = await attempt({ operation: "download", files: [{ name: "one", size: 2 }] });
  expect(fetched).toMatchObject({ stage: "integrity", message: "one: received 1 bytes of 2" });
});

test("an address that the host does not have is the lab's fault and no result", async () => {
  await expect(attempt({ localAddress: "192.0.2.77" })).rejects.toMatchObject({ code: "EADDRNOTAVAIL" });
});

test("leaves no connection behind, whether it worked or failed", async () => {
  for (const options of [{}, scripted("PROT", "534 no"), scripted("PASV", "500 no")]) {
    await attempt({ mode: "ftps-ccc" }, options);
    const deadline = performance.now() + 10_000;
    while (server && server.openSockets > 0 && performance.now() < deadline) await new Promise(setImmediate);
    expect(server?.openSockets).toBe(0);
    await server?.stop();
  }
});
