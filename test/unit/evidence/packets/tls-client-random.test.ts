import { clientRandomOf } from "../../../../harness/evidence/packets/tls-client-random";
import { decodedOf, keyLogOf, tsharkRows } from "../../../support/captures";

const name = "server-nat-helper.router.tls";
const randoms = decodedOf(name).map(({ payload }) => clientRandomOf(payload));
const hello = decodedOf(name).find(({ payload }) => clientRandomOf(payload) !== null)!.payload;

test("it is the word by which the session's lines stand in the key log", () => {
  const words = keyLogOf(name)
    .trimEnd()
    .split("\n")
    .flatMap((line) => (line.startsWith("#") ? [] : [line.split(" ")[1]]));
  expect([...new Set(words)]).toEqual([...new Set(randoms.filter((random) => random !== null))]);
});

test("it is seen on both links, and no other packet has one: neither ServerHello nor clear text", () => {
  const rows = tsharkRows(name).map((row) => row.get("tls.handshake.random"));
  // tshark tells the server's random too: the two packets behind the client's.
  expect(rows.filter((random) => random !== "")).toHaveLength(4);
  expect(randoms.filter((random) => random !== null)).toHaveLength(2);
  for (const [index, random] of randoms.entries()) if (random !== null) expect(random).toBe(rows[index]);
});

test("a ClientHello that is cut before its random ends has none", () => {
  expect(clientRandomOf(hello.subarray(0, 43))).not.toBeNull();
  for (let length = 0; length < 43; length += 1) expect(clientRandomOf(hello.subarray(0, length))).toBeNull();
});

test.each([0, 1, 5, 9])("another value in byte %i is another message", (index) => {
  const other = Uint8Array.from(hello);
  other[index] = 0x02;
  expect(clientRandomOf(other)).toBeNull();
});
