import type { SessionRequest } from "../../../harness/model/agent-protocol";
import type { TransferRecord } from "../../../harness/model/cell";
import { verifyTransfers } from "../../../harness/run/verify";
import { makeAttempt, makeFailure } from "../../support/attempts";

type Server = Parameters<typeof verifyTransfers>[2];

/** A server's disk, and what was asked of it. */
function standIn(uploads: Readonly<Record<string, string>> = {}): { server: Server; asked: (readonly string[])[] } {
  const asked: (readonly string[])[] = [];
  const server: Server = {
    files: {
      list: [],
      download: [
        { name: "a.bin", size: 1, sha256: "aa" },
        { name: "b.bin", size: 2, sha256: "bb" },
      ],
    },
    uploadHashes: (names) => {
      asked.push(names);
      const there = Object.entries(uploads).filter(([name]) => names.includes(name));
      return Promise.resolve(new Map(there));
    },
  };
  return { server, asked };
}

function transfer(name: string, clientSha256: string): TransferRecord {
  return { name, size: 1, clientSha256, serverSha256: null };
}

function request(
  operation: SessionRequest["operation"],
  ...names: readonly string[]
): Parameters<typeof verifyTransfers>[1] {
  return { operation, files: names.map((name) => ({ name, size: 1 })) };
}

const download = request("download", "a.bin", "b.bin");
const upload = request("upload", "s1-0.bin", "s1-1.bin");

describe("transfers that the client calls a success", () => {
  it("are confirmed where the server has the same bytes", async () => {
    const attempt = makeAttempt({ transfers: [transfer("a.bin", "aa"), transfer("b.bin", "bb")] });
    const verified = await verifyTransfers(attempt, download, standIn().server);
    expect(verified).toEqual({
      ...attempt,
      transfers: [
        { ...transfer("a.bin", "aa"), serverSha256: "aa" },
        { ...transfer("b.bin", "bb"), serverSha256: "bb" },
      ],
    });
  });

  it("fail at integrity where the bytes differ, with both hashes kept", async () => {
    const attempt = makeAttempt({ transfers: [transfer("a.bin", "aa"), transfer("b.bin", "b0")] });
    const verified = await verifyTransfers(attempt, download, standIn().server);
    expect(verified).toMatchObject({
      result: "failed",
      stage: "integrity",
      message: "b.bin has SHA-256 bb on the server and b0 at the client",
    });
    expect(verified.transfers.map(({ serverSha256 }) => serverSha256)).toEqual(["aa", "bb"]);
  });

  it("fail at integrity where an uploaded file is not on the server", async () => {
    const { server, asked } = standIn({ "s1-0.bin": "00" });
    const attempt = makeAttempt({ transfers: [transfer("s1-0.bin", "00"), transfer("s1-1.bin", "01")] });
    expect(await verifyTransfers(attempt, upload, server)).toMatchObject({
      result: "failed",
      stage: "integrity",
      message: "s1-1.bin is not on the server and 01 at the client",
    });
    expect(asked).toEqual([["s1-0.bin", "s1-1.bin"]]);
  });

  it("are compared with what was uploaded, and not with what lay there to be fetched", async () => {
    const attempt = makeAttempt({ transfers: [transfer("a.bin", "aa")] });
    const { server } = standIn({ "a.bin": "a0" });
    expect((await verifyTransfers(attempt, request("upload", "a.bin"), server)).stage).toBe("integrity");
  });
});

describe("a client that calls fewer transfers than it was asked for a success", () => {
  it("fails at integrity, and what it did transfer is kept with the server's hash", async () => {
    const attempt = makeAttempt({ transfers: [transfer("a.bin", "aa")] });
    expect(await verifyTransfers(attempt, download, standIn().server)).toEqual({
      ...attempt,
      transfers: [{ ...transfer("a.bin", "aa"), serverSha256: "aa" }],
      result: "failed",
      stage: "integrity",
      message: "the client says that it worked, and never transferred b.bin",
    });
  });

  it.each([
    ["downloaded nothing", download, "a.bin"],
    ["uploaded nothing", upload, "s1-0.bin"],
  ])("fails at integrity when it %s", async (_, asked, missing) => {
    expect(await verifyTransfers(makeAttempt(), asked, standIn().server)).toMatchObject({
      result: "failed",
      stage: "integrity",
      message: `the client says that it worked, and never transferred ${missing}`,
    });
  });

  it("fails at integrity even where the server has what it never says it sent", async () => {
    const { server, asked } = standIn({ "s1-0.bin": "00", "s1-1.bin": "01" });
    const attempt = makeAttempt({ transfers: [transfer("s1-1.bin", "01")] });
    expect(await verifyTransfers(attempt, upload, server)).toMatchObject({
      stage: "integrity",
      message: "the client says that it worked, and never transferred s1-0.bin",
    });
    expect(asked).toEqual([["s1-0.bin", "s1-1.bin"]]);
  });

  it("fails at integrity when it transferred another file in place of one it was asked for", async () => {
    const attempt = makeAttempt({ transfers: [transfer("a.bin", "aa"), transfer("a.bin", "aa")] });
    expect((await verifyTransfers(attempt, download, standIn().server)).message).toMatch(/never transferred b\.bin$/);
  });
});

describe("a session of which the server's disk has nothing to say", () => {
  it("is left as it is: it failed already", async () => {
    const { server, asked } = standIn();
    const attempt = makeFailure("transfer", { transfers: [transfer("a.bin", "a0")] });
    expect(await verifyTransfers(attempt, upload, server)).toBe(attempt);
    expect(asked).toEqual([]);
  });

  it("is left as it is: it listed a folder", async () => {
    const attempt = makeAttempt();
    expect(await verifyTransfers(attempt, request("list", "a.bin"), standIn().server)).toBe(attempt);
  });
});
