import "../../support/one-error-realm";
import { Socket } from "node:net";
import { ClearableControl } from "../../../harness/agent/clearable-control";
import type { ClearingStyle } from "../../../harness/model/agent-protocol";
import { loopbackCertificate } from "../../support/loopback-certificate";
import { ScriptedServer, type ScriptedServerOptions } from "../../support/scripted-server";

let certificate: ScriptedServerOptions["certificate"];
let server: ScriptedServer;
let control: ClearableControl;
let received = "";

beforeAll(async () => {
  certificate = await loopbackCertificate();
});

afterEach(async () => {
  control.destroy();
  await server.stop();
});

/** A control connection after its greeting. */
async function connected(options: Partial<ScriptedServerOptions> = {}, clearing?: ClearingStyle): Promise<void> {
  server = await ScriptedServer.start({ certificate, ...options });
  control = new ClearableControl(new Socket(), clearing);
  received = "";
  control.setEncoding("utf8");
  control.on("data", (text: string) => (received += text));
  control.on("error", () => undefined);
  control.connect({ host: "127.0.0.1", port: server.port }, () => undefined);
  await until(() => received.includes("220"));
}

async function until(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 20_000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`Not within 20 s; received so far: ${received}`);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

async function say(command: string, reply: string): Promise<void> {
  received = "";
  control.write(`${command}\r\n`);
  await until(() => received.includes(reply));
}

async function protect(ca = certificate.cert): Promise<void> {
  await say("AUTH TLS", "234");
  await control.startTls({ host: "127.0.0.1", ca }, () => undefined);
}

describe.each(["TLSv1.2", "TLSv1.3"] as const)("over %s", (version) => {
  test("goes on in clear on the same TCP connection after CCC", async () => {
    await connected({ version });
    const port = control.localPort;
    await protect();
    await say("NOOP", "200 ok");
    control.expectClear();
    await say("CCC", "200 clearing");
    await control.clear();
    await say("PWD", "200 ok");
    expect(server.commands).toEqual(["AUTH TLS", "NOOP", "CCC", "PWD"]);
    expect(control.localPort).toBe(port);
    expect(server.openSockets).toBe(1);
  });

  test.each([
    ["answer", 1],
    ["first", 1],
    ["silent", 0],
  ] as const)("goes on in clear with the style %s, having sent %i close_notify", async (style, sent) => {
    await connected({ version }, style);
    await protect();
    control.expectClear();
    await say("CCC", "200 clearing");
    const before = server.recordsReceived;
    await control.clear();
    await say("PWD", "200 ok");
    expect(server.recordsReceived - before).toBe(sent);
  });

  test("delivers clear text that shares a segment with close_notify", async () => {
    await connected({ version, behindCloseNotify: "200 at once\r\n" });
    await protect();
    control.expectClear();
    await say("CCC", "200 clearing");
    await control.clear();
    await until(() => received.includes("200 at once"));
    await say("PWD", "200 ok");
  });

  test("knows the last byte of TLS that the server was sent, and that it sent", async () => {
    await connected({ version });
    await protect();
    control.expectClear();
    await say("CCC", "200 clearing");
    await control.clear();
    await say("PWD", "200 ok");
    expect(control.lastTlsByte).toEqual(server.lastTlsByte);
  });

  test("stays protected when CCC is refused", async () => {
    await connected({ version, script: (command) => (command === "CCC" ? "534 no" : undefined) });
    await protect();
    control.expectClear();
    await say("CCC", "534");
    control.stayProtected();
    await say("PWD", "200 ok");
  });

  test("tells of a certificate that does not verify", async () => {
    await connected({ version });
    const stranger = await loopbackCertificate();
    await expect(protect(stranger.cert)).rejects.toMatchObject({ code: "DEPTH_ZERO_SELF_SIGNED_CERT" });
  });
});

test("says so when the server is gone before TLS is closed", async () => {
  await connected({ script: (command) => (command === "CCC" ? "200 clearing" : undefined) });
  await protect();
  control.expectClear();
  await say("CCC", "200 clearing");
  const cleared = control.clear();
  control.destroy();
  await expect(cleared).rejects.toThrow("Server closed connection unexpectedly.");
});

test("lets TLS say what is wrong when the server answers in clear", async () => {
  await connected({ script: (command) => (command === "AUTH TLS" ? "234 go\r\n421 no TLS here" : undefined) });
  await say("AUTH TLS", "234");
  await expect(control.startTls({ host: "127.0.0.1", ca: certificate.cert }, () => undefined)).rejects.toThrow();
});
