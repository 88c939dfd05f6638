/** Ports that Docker publishes (Compose specification, services: ports, short syntax). */
import { contains } from "../../../net/blocks";
import { dashed, type Done } from "./done";
import { isForwarded, loadModule, type Machine, type Tool } from "./tool";

export const docker: Tool = {
  name: "Docker",
  wrote: (rules) => /^:DOCKER\b|chain DOCKER\b/m.test(rules),
  words: (done, machine) => wordsFor(done, machine),
  loads: ["docker compose up -d   # in the folder of that file; it makes the container anew"],
  place: "in a script that runs after Docker",
};

function wordsFor(done: Done, machine: Machine): readonly string[] | null {
  if (done.kind === "module") return loadModule(done.name);
  if (done.kind === "pass") return isForwarded(done, machine, wordsFor) ? [] : null;
  if (done.kind !== "forward" || !isContainer(machine.rules, done.to)) return null;
  const inside = dashed(done.toPort ?? done.ports);
  return [`- "${dashed(done.ports)}:${inside}"   # of the FTP service, under \`ports\` in docker-compose.yml`];
}

/** Whether an address is in one of the networks that Docker hides. */
function isContainer(rules: string, address: string): boolean {
  const own = [
    ...rules.matchAll(/-s (\d\S+) ! -o \S+ -j MASQUERADE|ip saddr (\d\S+) oifname != "[^"]+" .*masquerade/g),
  ].flatMap(([, iptables, nft]) => iptables ?? nft ?? []);
  return own.some((subnet) => contains(subnet, address));
}
