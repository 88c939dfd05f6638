import { gatewaysIn, interfacesUp } from "../../../../harness/import/read/ifupdown";
import type { Piece } from "../../../../harness/import/pieces/piece";

const text = `auto lo
iface lo inet loopback
iface enp0s31f6 inet manual
auto vmbr0
iface vmbr0 inet static
        address 81.2.69.160/26
        gateway 81.2.69.129
        bridge-ports enp0s31f6
iface vmbr0 inet6 static
        address 2001:db8::5/64
        gateway 2001:db8::1
auto vmbr0:1
iface vmbr0:1 inet static
        address 81.2.69.161
        netmask 255.255.255.192
iface vmbr1 inet static
        address 192.168.100.1/24
`;
const piece: Piece = {
  kind: "ifupdown",
  lines: text.split("\n"),
  from: { file: "interfaces", line: 1 },
  host: null,
  path: null,
};

describe("/etc/network/interfaces", () => {
  it("tells interfaces with their IPv4 addresses and lines", () => {
    const told = interfacesUp(piece).map(({ name, addresses }) => [
      name,
      ...addresses.map(({ address, prefix, from }) => `${address}/${prefix} ${from.line}`),
    ]);
    expect(told).toEqual([
      ["enp0s31f6"],
      ["vmbr0", "81.2.69.160/26 6", "81.2.69.161/26 14"],
      ["vmbr1", "192.168.100.1/24 17"],
    ]);
  });

  it("tells the default route", () => {
    expect(gatewaysIn(piece)).toEqual([
      { to: "default", via: "81.2.69.129", device: "vmbr0", source: null, from: { file: "interfaces", line: 7 } },
    ]);
  });
});
