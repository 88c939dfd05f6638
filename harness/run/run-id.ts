import { randomBytes } from "node:crypto";

/** Short, sortable and unique enough for container names: `20260101-093000-1a2b`. */
export function makeRunId(now: Date): string {
  const digits = now.toISOString().replace(/\D/g, "");
  return `${digits.slice(0, 8)}-${digits.slice(8, 14)}-${randomBytes(2).toString("hex")}`;
}
