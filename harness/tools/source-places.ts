import { readFileSync } from "node:fs";
import { SourceMap, type SourceMapPayload } from "node:module";
import { dirname, resolve } from "node:path";

/** A stack trace with the places in built files replaced by those in their sources, as far as source maps tell. */
export function withSourcePlaces(stack: string): string {
  return stack.replaceAll(
    /([^\s()]+\.js):(\d+):(\d+)/g,
    (place, file: string, line: string, column: string) => sourcePlace(file, Number(line), Number(column)) ?? place,
  );
}

/** Maps are read only now: read at each start, as Node can do it, they would cost all commands their time. */
function sourcePlace(file: string, line: number, column: number): string | null {
  try {
    const map = new SourceMap(JSON.parse(readFileSync(`${file}.map`, "utf8")) as SourceMapPayload);
    const entry = map.findEntry(line - 1, column - 1);
    if (!("originalSource" in entry)) return null;
    return `${resolve(dirname(file), entry.originalSource)}:${entry.originalLine + 1}:${entry.originalColumn + 1}`;
  } catch {
    return null;
  }
}
