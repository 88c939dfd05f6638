import { Client } from "basic-ftp";
import { Readable, Writable } from "node:stream";
import { connect as connectTls } from "node:tls";
import {
  hasPython,
  RawClient,
  scriptedProfile,
  startScripted,
  type ScriptedServer,
} from "../../../../support/scripted-server";

const open: { stop: () => Promise<void> }[] = [];
const clients: { close: () => void }[] = [];

/** A server with this script, indented by two blanks. */
async function serving(script: string, tls?: string): Promise<ScriptedServer> {
  const server = await startScripted(scriptedProfile(script, tls));
  open.push(server);
  return server;
}

function dial(port: number, host?: string): RawClient {
  const client = new RawClient(port, host);
  clients.push(client);
  return client;
}

/** basic-ftp, logged in: over explicit TLS, over implicit, or without. */
async function login(server: ScriptedServer, secure: boolean | "implicit"): Promise<Client> {
  const client = new Client(3_000);
  clients.push(client);
  await client.access({
    host: "127.0.0.1",
    port: secure === "implicit" ? server.implicitPort : server.port,
    user: "lab1",
    password: "lab-password",
    secure,
    secureOptions: { ca: server.ca, servername: "ftp.example.net" },
  });
  return client;
}

async function fetched(client: Client, path: string): Promise<string> {
  let text = "";
  const sink = new Writable({
    write: (chunk: Buffer, _, done) => {
      text += chunk.toString();
      done();
    },
  });
  await client.downloadTo(sink, path);
  return text;
}

/** The port that a 227 or 229 names. */
function portIn(reply: string): number {
  const [, high, low] = /,(\d+),(\d+)\D*\r\n/.exec(reply) ?? [];
  return high === undefined ? Number(/\|(\d+)\|/.exec(reply)?.[1]) : Number(high) * 256 + Number(low);
}

afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  await Promise.all(open.splice(0).map(({ stop }) => stop()));
});

(hasPython ? describe : describe.skip)("the scripted server without a script", () => {
  it.each([false, true, "implicit"] as const)("lists, sends and takes files: TLS %s", async (secure) => {
    const server = await serving("");
    const client = await login(server, secure);
    expect((await client.list("/list")).map(({ name, size }) => [name, size])).toEqual([["one.txt", 1]]);
    expect(await client.size("/download/ten.bin")).toBe(10);
    expect(await fetched(client, "/download/ten.bin")).toBe("0123456789");
    await client.uploadFrom(Readable.from(["abc"]), "/upload/new.txt");
    expect(server.read("upload/new.txt")).toBe("abc");
    await client.appendFrom(Readable.from(["def"]), "/upload/new.txt");
    expect(server.read("upload/new.txt")).toBe("abcdef");
    await client.cd("/download");
    expect(await client.pwd()).toBe("/download");
    await expect(client.size("nothing")).rejects.toThrow("550");
    await expect(client.cd("../../../etc")).rejects.toThrow("550");
    expect(server.exchanges()).toEqual(expect.arrayContaining([["PASS (hidden)", 230, "230 Logged in."]]));
  });

  it("connects where PORT says, and to no other host", async () => {
    const { port } = await serving("");
    const client = dial(port);
    await client.login();
    expect(await client.say("PORT 127,0,0,2,200,0")).toMatch(/^500 /);
    expect(await client.say("EPRT |2|::1|50000|")).toMatch(/^522 /);
    expect(await client.say("PORT 127,0,0,1,0,9")).toMatch(/^200 /);
    expect(await client.say("NLST /list", /^425 .*\r\n/m)).toMatch(/^425 /);
  });

  it("lets nobody in without a password, and knows no other command", async () => {
    const server = await serving("");
    const client = dial(server.port);
    await client.hear(/^220 /);
    expect(await client.say("LIST")).toMatch(/^530 /);
    expect(await client.say("USER lab1")).toMatch(/^331 /);
    expect(await client.say("PASS wrong")).toMatch(/^530 /);
    expect(await client.say("XYZZY")).toMatch(/^500 /);
    expect(await client.say("QUIT")).toMatch(/^221 /);
    await client.hear(/never/);
    expect(client.end).toBe("FIN");
  });

  it("goes on in clear after CCC, with a client that closes TLS too and with one that does not", async () => {
    const { port, ca } = await serving("");
    const raw = dial(port);
    await raw.hear(/^220 /);
    await raw.say("AUTH TLS");
    raw.close();
    expect(ca).toContain("BEGIN CERTIFICATE");
  });

  it("demands that TLS sessions are resumed where the profile does", async () => {
    const server = await serving("", "{ protocol: TLSv1.2, required: off }");
    const client = await login(server, true);
    expect(await client.list("/list")).toHaveLength(1);
    client.ftp.tlsOptions = { ...client.ftp.tlsOptions };
    delete (client.ftp as { _tlsSessionStore?: unknown })._tlsSessionStore;
  });
});

(hasPython ? describe : describe.skip)("a script", () => {
  it("greets late, over several lines, and by turns", async () => {
    const server = await serving(
      '  greeting: [{ wait: 200 ms }, "220-Hello\\n220 there"]\n  commands:\n    NOOP: { first: 200 one, second: 200 two, always: silence }',
    );
    const startedAt = Date.now();
    const client = dial(server.port);
    expect(await client.hear(/^220 .*\r\n/m)).toBe("220-Hello\r\n220 there\r\n");
    expect(Date.now() - startedAt).toBeGreaterThan(190);
    expect(await client.say("NOOP")).toBe("200 one\r\n");
    expect(await client.say("noop")).toBe("200 two\r\n");
    expect(await Promise.race([client.say("NOOP"), client.say("SYST")])).toMatch(/^215 /);
    expect(server.exchanges().slice(0, 3)).toEqual([["NOOP", 200, "200 one"], ["noop", 200, "200 two"], ["NOOP", null, ""]]);
  });
});
