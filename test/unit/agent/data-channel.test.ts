import "../../support/one-error-realm";
import { createServer, Socket, type AddressInfo, type Server } from "node:net";
import { createSecureContext, TLSSocket, type ConnectionOptions, type SecureContext } from "node:tls";
import { DataChannel, type DataChannelOptions } from "../../../harness/agent/data-channel";
import { RecordFramer } from "../../../harness/agent/record-framer";
import { RecordWire } from "../../../harness/agent/record-wire";
import { loopbackCertificate } from "../../support/loopback-certificate";

let certificate: { readonly cert: string; readonly key: string };
let server: Server;
let accepted: Promise<Socket>;
const sockets: Socket[] = [];

beforeAll(async () => {
  certificate = await loopbackCertificate();
});

beforeEach(async () => {
  // A client that goes with something unread resets the connection; that is no business of these tests.
  server = createServer((socket) => sockets.push(socket.on("error", () => undefined)));
  accepted = new Promise((resolve) => server.once("connection", resolve));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await new Promise((resolve) => server.close(resolve));
});

function channel(fields: Partial<DataChannelOptions> = {}): DataChannel {
  return new DataChannel({
    localAddress: "127.0.0.1",
    direction: "out",
    tls: null,
    onSession: () => undefined,
    remark: () => undefined,
    note: () => undefined,
    peer: "127.0.0.1",
    ...fields,
  });
}

function target(): { host: string; port: number } {
  return { host: "127.0.0.1", port: (server.address() as AddressInfo).port };
}

type Reply = { readonly say: () => void; readonly close: () => void };

/** A second connection, standing for the control connection: `say` makes `heard` be called in the next poll phase. */
async function replyConnection(heard: () => void): Promise<Reply> {
  const connection = new Promise<Socket>((resolve) => server.once("connection", resolve));
  const client = new Socket().on("data", heard).connect(target());
  const far = await connection;
  return {
    say: () => far.write("150"),
    close: () => client.destroy(),
  };
}

/** The types of the TLS records that the client sends before its FIN; a reply follows whatever the server sends. */
async function recordsOf(socket: Socket, secureContext: SecureContext, reply: Reply): Promise<readonly number[]> {
  const records: number[] = [];
  const framer = new RecordFramer();
  const wire = new RecordWire((bytes, done) => {
    socket.write(bytes, done);
    reply.say();
  });
  const tls = new TLSSocket(wire, { isServer: true, secureContext });
  tls.on("error", () => undefined);
  tls.resume();
  socket.on("data", (chunk) => {
    for (const { bytes } of framer.push(chunk)) {
      records.push(bytes[0] ?? 0);
      wire.feed(bytes);
    }
  });
  await new Promise((resolve) => socket.once("end", resolve));
  return records;
}

describe.each(["TLSv1.2", "TLSv1.3"] as const)("empty uploads over %s", (version) => {
  test.each([
    ["before", false],
    ["right behind", true],
  ])("shake hands and send close_notify when 150 comes %s the handshake's end", async (_, waits) => {
    const limits = { minVersion: version, maxVersion: version, sessionIdContext: "lab" };
    const secureContext = createSecureContext({ ...certificate, ...limits });
    const remarks: string[] = [];
    let session: Buffer | undefined;
    const alert = 0x15;
    const applicationData = 0x17;
    // The second resumes the first's session: then it is the client's Finished that ends the handshake.
    for (const kind of ["new", "resumed"]) {
      let ready = !waits;
      const tls: ConnectionOptions = { host: "127.0.0.1", ca: certificate.cert, ...(session ? { session } : {}) };
      const data = channel({
        tls,
        onSession: (latest) => (session = latest),
        remark: (text) => remarks.push(text),
        note: (change) => (ready ||= change.ready === true),
      });
      const reply = await replyConnection(() => {
        if (ready && !data.writableEnded) data.end();
      });
      const connection = new Promise<Socket>((resolve) => server.once("connection", resolve));
      await data.dial(target());
      const records = await recordsOf(await connection, secureContext, reply);
      // TLS 1.3 hides the type of all that follows the keys: Finished is the first such record, close_notify the second.
      if (version === "TLSv1.2") expect(records.at(-1)).toBe(alert);
      else expect(records.filter((type) => type === applicationData)).toHaveLength(2);
      // The tickets of TLS 1.3 come when the server likes.
      if (version === "TLSv1.2") expect(remarks.at(-1)).toContain(`${kind} session`);
      data.destroy();
      reply.close();
    }
  });
});

test("holds what is written until the server has connected (active mode)", async () => {
  const notes: unknown[] = [];
  const data = channel({ note: (change) => notes.push(change) });
  const port = await data.listen();
  data.end("hello");
  await new Promise((resolve) => setImmediate(resolve));
  expect(notes).toEqual([]);
  const socket = new Socket();
  let text = "";
  socket.on("data", (chunk) => (text += chunk.toString()));
  socket.connect({ host: "127.0.0.1", port });
  await new Promise((resolve) => socket.once("close", resolve));
  expect(text).toBe("hello");
  expect(notes).toEqual([{ connected: true, ready: true }, { flow: "sent" }, { finished: true }]);
  data.destroy();
});

test("takes one connection and turns others away (active mode)", async () => {
  const data = channel({ direction: "in" });
  const port = await data.listen();
  const comers = [new Socket(), new Socket()];
  const ends = comers.map((socket) => new Promise((resolve) => socket.once("close", resolve)));
  for (const socket of comers) {
    socket.on("error", () => undefined);
    socket.resume();
    socket.connect({ host: "127.0.0.1", port });
  }
  await Promise.race(ends);
  expect(comers.filter((socket) => !socket.destroyed)).toHaveLength(1);
  data.destroy();
  await Promise.all(ends);
});

test("lets the server explain itself before an error of the connection counts", async () => {
  const data = channel();
  const failed = new Promise<Error>((resolve) => data.once("error", resolve));
  await data.dial(target());
  const startedAt = performance.now();
  (await accepted).resetAndDestroy();
  expect(await failed).toMatchObject({ code: "ECONNRESET" });
  expect(performance.now() - startedAt).toBeGreaterThan(400);
});

test("an upload that the server cuts off without an error is one", async () => {
  const data = channel();
  const failed = new Promise<Error>((resolve) => data.once("error", resolve));
  await data.dial(target());
  (await accepted).end();
  expect((await failed).message).toBe("Server closed the data connection before the upload was complete.");
});

test("tells a refused connection in basic-ftp's words and keeps Node's code", async () => {
  const refused = { host: "127.0.0.1", port: 1 };
  await expect(channel().dial(refused)).rejects.toMatchObject({
    code: "ECONNREFUSED",
    message: "Can't open data connection in passive mode: connect ECONNREFUSED 127.0.0.1:1",
  });
});

test("dialling ends when the channel is destroyed", async () => {
  const data = channel();
  const dialled = data.dial(target());
  data.destroy();
  await expect(dialled).resolves.toBeUndefined();
});
