import type { Gap } from "../../model/evidence";

/** Ids of nodes, and names of a recording's parts. */
const word = /^[A-Za-z0-9][A-Za-z0-9._+-]*$/;

/**
 * Up to version 1.1 a recording said in sentences what was missing. Gives everything that such a sentence may be about: where it
 * may be about several things, all of them are missing.
 * @param routers ids of the routers whose evidence is there
 */
export function gapsOfSentence(sentence: string, routers: readonly string[]): readonly Gap[] {
  const [, head = sentence, rest] = /^([^:]*):\s*(.*)$/s.exec(sentence) ?? [];
  const reason = rest ?? "no reason is recorded";
  const open = (collector: Gap["collector"], node: string | null = null): Gap => ({ collector, node, reason });
  switch (head) {
    case "the server's logs":
      return [open("server-log")];
    case "the packets":
      return [open("packets")];
    case "the routers, the server and the packets":
      return [open("router"), open("server-log"), open("packets")];
    default: {
      const [, node, link] = /^the packets of (\S+) on (\S+)$/.exec(head) ?? [];
      if (node !== undefined) return [{ ...open("packets", node), reason: `on ${String(link)}: ${reason}` }];
      const id = /^router (\S+)$/.exec(head)?.[1] ?? head;
      // What stands for a part of the recording may be a router's name as well.
      if (!word.test(id) || isPart(id)) return [{ collector: "recording", node: null, reason: sentence }];
      return [open(routers.includes(id) ? "router-events" : "router", id)];
    }
  }
}

function isPart(head: string): boolean {
  return /^(attempt|captures|cell|missing|routers|schemaVersion|server)($|[.[])/.test(head);
}
