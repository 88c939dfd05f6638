/** Ports that Docker publishes (Compose specification, services: ports, short syntax). */
import { contains } from "../../net/blocks";
import { dashed } from "./done";
import { forwardOf, loadModule, type Tool } from "./tool";

export const docker: Tool = {
  name: "Docker",
  wrote: (rules) => /^:DOCKER\b|chain DOCKER\b/m.test(rules),
  words: (done, { all, rules }) => {
    if (done.kind === "pass") {
      const forward = forwardOf(done, all);
      return forward !== null && isContainer(rules, forward.to) ? [] : null;
    }
    if (done.kind === "module") return loadModule(done.name);
    if (done.kind !== "forward" || !isContainer(rules, done.to)) return null;
    const inside = done.toPort ?? done.ports;
    return [
      `- "${dashed(done.ports)}:${dashed(inside)}"   # of the FTP service, under \`ports\` in docker-compose.yml`,
    ];
  },
  loads: ["docker compose up -d   # in the folder of that file; it makes the container anew"],
  place: "in a script that runs after Docker",
};

/** Whether an address is in one of the networks that Docker hides. */
function isContainer(rules: string, address: string): boolean {
  const own = [
    ...rules.matchAll(/-s (\d\S+) ! -o \S+ -j MASQUERADE|ip saddr (\d\S+) oifname != "[^"]+" .*masquerade/g),
  ].flatMap(([, iptables, nft]) => iptables ?? nft ?? []);
  return own.some((subnet) => contains(subnet, address));
}
