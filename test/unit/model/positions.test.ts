import { networkIdOf, positionIn, viewId, withoutPosition } from "../../../harness/model/positions";

describe("the id of a network", () => {
  it.each([
    ["office", "office", null],
    ["office@lan", "office", "lan"],
    ["office@lan+reject+rate-1mbit", "office", "lan"],
    ["office+reject", "office", null],
  ])("names the network and the position: %s", (id, network, position) => {
    expect(networkIdOf(id)).toBe(network);
    expect(positionIn(id)).toBe(position);
  });

  it("is made of both", () => {
    expect(viewId("office", "lan")).toBe("office@lan");
  });

  it.each([
    ["office@lan", "office"],
    ["office@lan+reject", "office+reject"],
    ["office@lan/tls-optional/basic-ftp/ftps/pasv/list", "office/tls-optional/basic-ftp/ftps/pasv/list"],
    ["office/tls-optional/odd@name/ftps/pasv/list", "office/tls-optional/odd@name/ftps/pasv/list"],
  ])("can be told without the position: %s", (id, bare) => {
    expect(withoutPosition(id)).toBe(bare);
  });
});
