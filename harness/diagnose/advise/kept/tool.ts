import type { Done, Forward, Pass } from "./done";

/** What a tool has to know of a machine to say a line in its own words. */
export type Machine = {
  /** Its rules as they were saved. */
  readonly rules: string;
  /** The interfaces by which clients reach it. */
  readonly arrivals: readonly string[];
  /** Its interface in the network of an address; `null` if it has none there. */
  readonly towards: (address: string) => string | null;
  /** Everything that is pasted. */
  readonly all: readonly Done[];
};

/** A program that writes a machine's rules. */
export type Tool = {
  readonly name: string;
  readonly wrote: (rules: string) => boolean;
  /** Its own words for a line; `[]` where another line's bring it along, `null` if it has none. */
  readonly words: (done: Done, machine: Machine) => readonly string[] | null;
  /** What makes it load them. */
  readonly loads: readonly string[];
  /** Where lines stand for which it has no words. */
  readonly place: string;
  /** Whether nobody else may change its rules: pasted lines are refused then. */
  readonly isAlone?: (rules: string) => boolean;
  /** How they are written there, if not as they are pasted. */
  readonly atPlace?: (lines: readonly string[]) => readonly string[];
};

/** Whether the words for a forward let pass what a line does. */
export function isForwarded(pass: Pass, machine: Machine, words: Tool["words"]): boolean {
  const { from, ports, destination } = pass;
  const isIts = (one: Done): one is Forward =>
    one.kind === "forward" && one.on === from && (one.toPort ?? one.ports) === ports && one.to === destination;
  return machine.all.some((one) => isIts(one) && words(one, machine) !== null);
}

/** Keeps a module loaded after a restart of the machine, with systemd (modules-load.d(5)). */
export function loadModule(name: string): readonly string[] {
  return [`echo ${name} > /etc/modules-load.d/${name}.conf`];
}
