import { closedLoops, collectFrom } from "../support/closed-loop";

jest.setTimeout(60_000);

test("what is collected in a lab and imported becomes a lab with the same results, stages and causes", async () => {
  const collected = await collectFrom(["server-nat-helper", "firewall"]);
  for (const { own, again } of await closedLoops(collected, "basic-ftp/ftps/*/list")) {
    expect(own.size).toBe(4);
    expect([...again]).toEqual([...own]);
  }
});
