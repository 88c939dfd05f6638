import type { PortRange } from "../../model/topology";

/** A range from the texts of its ends; `null` if they are none. */
export function portRange(first: string | undefined, last: string | undefined): PortRange | null {
  const range = { first: Number(first), last: Number(last) };
  const valid = [range.first, range.last].every((port) => Number.isInteger(port) && port > 0 && port < 65536);
  return valid && range.first <= range.last ? range : null;
}
