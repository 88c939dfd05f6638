import { setImmediate as turn } from "node:timers/promises";
import { AddressPool } from "../../../harness/run/address-pool";

describe("client addresses", () => {
  it("are handed out in order, each to one session", async () => {
    const pool = new AddressPool(["a", "b", "c"]);
    expect([await pool.take(), await pool.take(), await pool.take()]).toEqual(["a", "b", "c"]);
  });

  it("that are given back are used again last", async () => {
    const pool = new AddressPool(["a", "b", "c"]);
    pool.giveBack(await pool.take());
    expect([await pool.take(), await pool.take(), await pool.take()]).toEqual(["b", "c", "a"]);
  });

  it("are waited for, first come first served, when all are in flight", async () => {
    const pool = new AddressPool(["a", "b"]);
    await Promise.all([pool.take(), pool.take()]);
    const got: string[] = [];
    for (const name of ["first", "second"]) void pool.take().then((address) => got.push(`${name} ${address}`));
    await turn();
    expect(got).toEqual([]);
    pool.giveBack("b");
    await turn();
    expect(got).toEqual(["first b"]);
    pool.giveBack("a");
    await turn();
    expect(got).toEqual(["first b", "second a"]);
  });

  it("are never in flight twice", async () => {
    const pool = new AddressPool(["a", "b", "c"]);
    const inFlight = new Set<string>();
    let clashes = 0;
    let most = 0;
    await Promise.all(
      Array.from({ length: 40 }, async (_, index) => {
        const address = await pool.take();
        if (inFlight.has(address)) clashes += 1;
        inFlight.add(address);
        most = Math.max(most, inFlight.size);
        for (let turns = 0; turns < index % 3; turns += 1) await turn();
        inFlight.delete(address);
        pool.giveBack(address);
      }),
    );
    expect({ clashes, most }).toEqual({ clashes: 0, most: 3 });
  });

  it("leave the caller's list as it was", async () => {
    const addresses = ["a", "b"];
    await new AddressPool(addresses).take();
    expect(addresses).toEqual(["a", "b"]);
  });
});
