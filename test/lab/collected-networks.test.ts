import { closedLoop } from "../support/closed-loop";

jest.setTimeout(120_000);

test.each(["server-nat-helper"])(
  "what is collected in the lab of %s becomes a lab in which all goes the same way",
  async (topology) => {
    const { own, again } = await closedLoop(topology, "basic-ftp/ftp*/*/list");
    expect(own.size).toBeGreaterThan(10);
    expect([...again]).toEqual([...own]);
  },
);
