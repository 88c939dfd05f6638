import { spawn } from "node:child_process";
import { NodeShell } from "../../harness/lab/node-shell";

/** A shell as a node of a lab has it, on this machine. */
export function openLocalShell(): NodeShell {
  return new NodeShell("here", spawn("bash", ["--norc"]));
}
