/** ufw (ufw(8), ufw-framework(8)). */
import { isMadeBy } from "./made-by";
import { loadModule, type Tool } from "./tool";

const name = "ufw";

export const ufw: Tool = {
  name,
  wrote: (rules) => /^:ufw-|ufw-user-input/m.test(rules) || isMadeBy(name, rules),
  words: (done) => {
    // `insert 1` is an error where there is no rule yet.
    if (done.kind === "take") return [`ufw prepend allow ${done.ports}/tcp`];
    if (done.kind === "module") return loadModule(done.name);
    if (done.kind !== "pass") return null;
    const { from, out, source, destination, ports } = done;
    const ways = [` in on ${from}`, out === null ? "" : ` out on ${out}`].join("");
    return [
      `ufw route prepend allow${ways} proto tcp from ${source ?? "any"} to ${destination ?? "any"} port ${ports}`,
    ];
  },
  loads: [],
  place: "at the end of /etc/ufw/before.rules, then `ufw reload`",
  atPlace: asTables,
};

/** Commands of iptables as `iptables-restore` reads them. */
function asTables(lines: readonly string[]): readonly string[] {
  const commands = lines.map((line) => /^iptables(?: -t (\w+))? -I (.*)$/.exec(line));
  if (commands.some((command) => command === null)) return lines;
  const tables = new Map<string, string[]>();
  for (const [, table = "filter", rule = ""] of commands.filter((command) => command !== null))
    tables.set(table, [...(tables.get(table) ?? []), `-A ${rule}`]);
  return [...tables].flatMap(([table, rules]) => [`*${table}`, ...rules, "COMMIT"]);
}
