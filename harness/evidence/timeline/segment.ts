import type { SeenPacket } from "../../model/evidence";

/** Whether a segment opens a connection. */
export function isSyn({ flags }: SeenPacket): boolean {
  return has(flags, "SYN") && !has(flags, "ACK");
}

/** Whether it grants one. */
export function isSynAck({ flags }: SeenPacket): boolean {
  return has(flags, "SYN") && has(flags, "ACK");
}

export function isReset({ flags }: SeenPacket): boolean {
  return has(flags, "RST");
}

export function isFin({ flags }: SeenPacket): boolean {
  return has(flags, "FIN");
}

/** No flag's name is a part of another's. */
function has(flags: string, flag: string): boolean {
  return flags.includes(flag);
}

/** Bytes from one sequence number to another; numbers wrap at 2³² (RFC 9293 section 3.4). */
export function distance(from: number, to: number): number {
  return (to - from) | 0;
}
