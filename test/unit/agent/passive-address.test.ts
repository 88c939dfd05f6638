import { eprtArgument, passiveTarget, portArgument } from "../../../harness/agent/passive-address";

const peer = "203.0.113.5";

test.each([
  ["trust", "10.0.0.2", peer, "10.0.0.2"],
  ["ignore", "10.0.0.2", peer, peer],
  ["ignore", "10.0.0.2", `::ffff:${peer}`, peer],
  ["replace-private", "10.0.0.2", peer, peer],
  ["replace-private", "172.31.0.2", peer, peer],
  ["replace-private", "172.32.0.2", peer, "172.32.0.2"],
  ["replace-private", "192.168.9.9", peer, peer],
  ["replace-private", "198.51.100.7", peer, "198.51.100.7"],
  ["replace-private", "10.0.0.2", "192.168.0.1", "10.0.0.2"],
  ["reject", peer, peer, peer],
  ["reject", peer, `::ffff:${peer}`, peer],
  ["reject", "127.0.0.9", "127.0.0.1", "127.0.0.1"],
] as const)("%s: told %s by %s, dials %s", (policy, advertised, control, dialled) => {
  expect(passiveTarget({ host: advertised, port: 50_000 }, control, policy)).toEqual({ host: dialled, port: 50_000 });
});

test("reject: another host is refused in basic-ftp's words", () => {
  expect(() => passiveTarget({ host: "10.0.0.2", port: 1 }, peer, "reject")).toThrow(
    "PASV returned another host (10.0.0.2) for data transfer that you have connected to (203.0.113.5).",
  );
});

test("PORT and EPRT name address and port as RFC 959 and RFC 2428 write them", () => {
  expect(portArgument("192.0.2.1", 50_001)).toBe("192,0,2,1,195,81");
  expect(eprtArgument("192.0.2.1", 50_001)).toBe("|1|192.0.2.1|50001|");
  expect(eprtArgument("2001:db8::1", 50_001)).toBe("|2|2001:db8::1|50001|");
});
