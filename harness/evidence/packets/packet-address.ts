import { formatAddress } from "../../net/address";

/**
 * A lab has some hundred addresses and half a million packets, so a text is kept for each address that was met. A table of
 * fixed size: another address with the same place takes it over, and nothing grows.
 */
type Slot = {
  readonly words: readonly [number, number, number, number];
  readonly text: string;
};

const slots = 1024;
const ipv4Slots = new Array<Slot | undefined>(slots);
const ipv6Slots = new Array<Slot | undefined>(slots);

/** The text of the IPv4 address that begins at a byte. */
export function ipv4At(view: DataView, at: number): string {
  const word = view.getUint32(at);
  const index = placeOf(word);
  const known = ipv4Slots[index];
  if (known?.words[0] === word) return known.text;
  const text = formatAddress({ family: "ipv4", value: BigInt(word) });
  ipv4Slots[index] = { words: [word, 0, 0, 0], text };
  return text;
}

/** The text of the IPv6 address that begins at a byte (RFC 5952). */
export function ipv6At(view: DataView, at: number): string {
  const [first, second, third, fourth] = [
    view.getUint32(at),
    view.getUint32(at + 4),
    view.getUint32(at + 8),
    view.getUint32(at + 12),
  ];
  const index = placeOf(first ^ second ^ third ^ fourth);
  const known = ipv6Slots[index];
  if (known?.words[3] === fourth && known.words[2] === third && known.words[1] === second && known.words[0] === first)
    return known.text;
  const value = (view.getBigUint64(at) << 64n) | view.getBigUint64(at + 8);
  const text = formatAddress({ family: "ipv6", value });
  ipv6Slots[index] = { words: [first, second, third, fourth], text };
  return text;
}

/** Fibonacci hashing: addresses of one subnet differ in few bits. */
function placeOf(word: number): number {
  return Math.imul(word, 0x9e3779b1) >>> 22;
}
