import { formatAddress, formatSubnet, type Address } from "../../../net/address";

/** More blocks than this are not worth to be told. */
const mostBlocks = 64;

/** A range of addresses as the fewest CIDR blocks, a single address without a prefix; `null` if that is none, or too many. */
export function blocksBetween(first: Address, last: Address): readonly string[] | null {
  const { family } = first;
  if (last.family !== family || last.value < first.value) return null;
  const bits = family === "ipv4" ? 32 : 128;
  const blocks: string[] = [];
  for (let base = first.value; base <= last.value;) {
    let size = 0;
    while (
      size < bits &&
      base % (1n << BigInt(size + 1)) === 0n &&
      base + (1n << BigInt(size + 1)) - 1n <= last.value
    ) {
      size += 1;
    }
    blocks.push(
      size === 0 ? formatAddress({ family, value: base }) : formatSubnet({ family, base, prefix: bits - size }),
    );
    if (blocks.length > mostBlocks) return null;
    base += 1n << BigInt(size);
  }
  return blocks;
}
