/** A remark in rules that `import` made of a tool's own configuration: which tool, and its zones. */

/** Interfaces by their zone's name. */
export type Zones = ReadonlyMap<string, readonly string[]>;

/** The remark. */
export function madeBy(tool: string, zones: Zones = new Map()): string {
  const words = [...zones].map(([zone, links]) => ` zone ${zone} is ${links.join(" ")};`);
  return `# as ${tool} makes them:${words.join("")}`;
}

/** Whether rules say that they stand for a tool's. */
export function isMadeBy(tool: string, rules: string): boolean {
  return rules.includes(`# as ${tool} makes them:`);
}

/** The zone of an interface, by the remark. */
export function madeZoneOf(rules: string, link: string): string | null {
  const [remark = ""] = /^# as .* makes them:.*$/m.exec(rules) ?? [];
  for (const [, zone = "", links = ""] of remark.matchAll(/ zone (\S+) is ([^;]*);/g))
    if (links.split(" ").includes(link)) return zone;
  return null;
}
