import { closedLoops } from "../support/closed-loop";

jest.setTimeout(60_000);

test("what is collected in a lab and imported becomes a lab with the same results, stages and causes", async () => {
  const loops = await closedLoops(["server-nat-helper", "firewall"], "basic-ftp/ftps/*/list");
  for (const { own, again } of loops) {
    expect(own.size).toBe(4);
    expect([...again]).toEqual([...own]);
  }
});
