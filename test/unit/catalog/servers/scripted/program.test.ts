import { Client } from "basic-ftp";
import { Readable, Writable } from "node:stream";
import {
  hasPython,
  RawClient,
  scriptedProfile,
  startScripted,
  type ScriptedServer,
} from "../../../../support/loopback-server";

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

  it("demands that TLS sessions are resumed where the profile does", async () => {
    const server = await serving("", "{ protocol: TLSv1.3, required: off }");
    const client = await login(server, true);
    expect(await client.list("/list")).toHaveLength(1);
    const { port } = server;
    const other = dial(port);
    await other.hear(/^220 /);
    await other.say("AUTH TLS");
    await other.startTls();
    await other.login(null);
    await other.say("PBSZ 0");
    await other.say("PROT P");
    const data = dial(portIn(await other.say("EPSV")));
    await other.say("NLST /list", /^150 .*\r\n/m);
    await data.startTls();
    expect(await other.hear(/^425 .*\r\n/m)).toContain("425 TLS session");
    expect(server.tlsLog()).toContain("data connection: its TLS session is not the control connection's");
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
    expect(server.exchanges().slice(0, 3)).toEqual([
      ["NOOP", 200, "200 one"],
      ["noop", 200, "200 two"],
      ["NOOP", null, ""],
    ]);
  });

  it("answers late, in pieces, and over several lines with a port that is listened on", async () => {
    const server = await serving(
      '  commands:\n    PASV: "227-a\\n227 ({comma-address},{p1},{p2})"\n    SYST: [{ send: "215 UN" }, { wait: 100 ms }, { send: "IX\\r\\n" }]',
    );
    const client = dial(server.port);
    await client.login();
    expect(await client.say("SYST", /UN$/)).toBe("215 UN");
    expect(await client.hear(/IX\r\n/)).toBe("215 UNIX\r\n");
    const said = await client.say("PASV");
    expect(said).toMatch(/^227-a\r\n227 \(127,0,0,1,\d+,\d+\)\r\n$/);
    const data = dial(portIn(said));
    await client.say("NLST /list", /^226 .*\r\n/m);
    await data.hear(/never/);
    expect(data.heard).toBe("one.txt\r\n");
  });

  it.each([
    ["close", "FIN"],
    ["reset", "RST"],
  ])("ends the session by %s", async (word, end) => {
    const { port } = await serving(`  commands: { NOOP: ${word} }`);
    const client = dial(port);
    await client.login();
    await client.say("NOOP", /.^/);
    expect(client.end).toBe(end);
  });

  it("tells of the end before the data, and of no end after it", async () => {
    const { port } = await serving('  commands: { RETR: ["150 a\\n226 b", transfer] }');
    const client = dial(port);
    await client.login();
    const reply = await client.say("EPSV");
    expect(await client.say("RETR /download/ten.bin", /^226 .*\r\n/m)).toBe("150 a\r\n226 b\r\n");
    const data = dial(portIn(reply));
    await data.hear(/never/);
    expect([data.heard, data.end]).toEqual(["0123456789", "FIN"]);
    expect(await client.say("SYST")).toMatch(/^215/);
  });

  it.each([
    ["breaks: { after: 4, by: reset }", "0123", "RST", /^426 /],
    ["breaks: { after: 4, by: close }", "0123", "FIN", /^226 /],
    ["extra: 2", "0123456789\0\0", "FIN", /^226 /],
  ])("has data connections as it says: %s", async (lines, heard, end, reply) => {
    const { port } = await serving(`  data: { ${lines} }`);
    const client = dial(port);
    await client.login();
    const data = dial(portIn(await client.say("EPSV")));
    const ending = await client.say("RETR /download/ten.bin", /^[24]\d\d .*\r\n/m);
    expect(ending.replace(/^150 .*\r\n/, "")).toMatch(reply);
    await data.hear(/never/);
    expect([data.heard, data.end]).toEqual([heard, end]);
  });

  it("can name a port on which nothing listens, of another range and at another address", async () => {
    const { port } = await serving("  data: { listens: false, ports: 40100-40110, address: 10.0.0.5 }");
    const client = dial(port);
    await client.login();
    const reply = await client.say("PASV");
    expect(reply).toContain("(10,0,0,5,156,");
    expect(portIn(reply)).toBeGreaterThanOrEqual(40_100);
    const data = dial(portIn(reply));
    await data.hear(/never/);
    expect(data.end).toBe("RST");
  });

  it("shows another certificate on data connections, and ends their TLS with close_notify or without", async () => {
    const recordsWith = async (closeNotify: boolean): Promise<number> => {
      const server = await serving(`  data: { close-notify: ${closeNotify}, certificate: self-signed }`);
      const client = dial(server.port);
      await client.hear(/^220 /);
      await client.say("AUTH TLS");
      await client.startTls();
      await client.login(null);
      await client.say("PROT P");
      const data = dial(portIn(await client.say("EPSV")));
      await client.say("NLST /list", /^150 .*\r\n/m);
      await data.startTls();
      await client.hear(/^226 .*\r\n/m);
      await data.hear(/never/);
      expect(data.heard).toBe("one.txt\r\n");
      expect(data.certificate).not.toBe(client.certificate);
      return data.records();
    };
    const without = await recordsWith(false);
    expect(await recordsWith(true)).toBe(without + 1);
  });
});
