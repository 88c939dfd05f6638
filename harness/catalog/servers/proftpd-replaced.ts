/** Directives that a file may have several times. */
const repeatable: ReadonlySet<string> = new Set(["loadmodule", "socketoptions", "include"]);

/**
 * Lines of a `proftpd.conf` that have to go for new ones to hold: outside of blocks the first directive of a name counts (find_config),
 * and each `<Limit LOGIN>` may deny. For commands a later block is enough.
 */
export function replacedInProftpdConf(lines: readonly string[], configuration: string): readonly string[] {
  const wanted = topLevel(lines).filter((line) => !repeatable.has(nameOf(line)));
  const there = configuration.split("\n").map((line) => line.trim());
  const single = topLevel(there).filter((line) => wanted.some((other) => nameOf(other) === nameOf(line)));
  const block = lines.some((line) => loginHead.test(line)) ? loginBlock(there) : [];
  return [...single.filter((line) => !lines.includes(line)), ...block];
}

function nameOf(line: string): string {
  return (/^[^\s]+/.exec(line)?.[0] ?? "").toLowerCase();
}

/** Directives outside of blocks. */
function topLevel(lines: readonly string[]): readonly string[] {
  let depth = 0;
  return lines.filter((line) => {
    if (/^\s*<\//.test(line)) depth -= 1;
    else if (/^\s*</.test(line)) depth += 1;
    else return depth === 0 && /^[A-Za-z]/.test(line);
    return false;
  });
}

/** The first block for logins; empty if there is none. */
function loginBlock(there: readonly string[]): readonly string[] {
  const start = there.findIndex((line) => loginHead.test(line));
  const length = there.slice(start).findIndex((line) => /^<\/Limit>/i.test(line));
  return start < 0 || length < 0 ? [] : there.slice(start, start + length + 1);
}

const loginHead = /^<Limit\s(?:.*\s)?LOGIN[\s>]/i;
