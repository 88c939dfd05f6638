import { isUtf8 } from "node:buffer";
import { closeSync, constants, fstatSync, openSync, readdirSync, readSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { describeError } from "../../model/errors";
import type { Capture, Gap } from "../../model/evidence";
import { gapText } from "../gap-text";
import { packetFileName, seenPackets } from "../packets/packet-files";
import { parseRecording, type Recording } from "./parse-recording";

/** The recording in its folder. */
const recordingName = "evidence.json";
/** What is longer is read so far; a recording of ours has some 20 kB. */
const mostBytes = 16 * 1024 * 1024;
/** `cells/` and six parts of the id, and what a person may have put around them. */
const deepestFolder = 12;
const mostFolders = 100_000;
/** Vantage points of a lab: two hosts, and each link of its routers. */
const mostCaptures = 64;

/** Reads the recording of a cell: its folder or its `evidence.json`. Never throws: it reports what cannot be used. */
export function readRecording(path: string): Recording {
  try {
    const file = statSync(path).isDirectory() ? join(path, recordingName) : path;
    const { bytes, size } = readStart(file);
    const damage = [
      ...(size > bytes.length ? [`the file: only the first 16 MB of ${size} bytes are read`] : []),
      ...(isUtf8(bytes) ? [] : ["the file: it is not UTF-8 throughout; what is not is replaced by \ufffd"]),
    ].map((reason): Gap => ({ collector: "recording", node: null, reason }));
    const { evidence, problems } = parseRecording(bytes.toString("utf8"));
    if (evidence === null) return { evidence, problems: [...damage.map(gapText), ...problems] };
    const { captures, gaps } = readPackets(dirname(file), evidence.captures);
    const missing = [...evidence.missing, ...damage, ...gaps];
    return {
      evidence: { ...evidence, captures, missing },
      problems: [...damage.map(gapText), ...problems, ...gaps.map(gapText)],
    };
  } catch (error) {
    return { evidence: null, problems: [`it cannot be read: ${describeError(error).message}`] };
  }
}

/** The packets of each vantage point, from the files beside the recording. */
function readPackets(
  folder: string,
  captures: readonly Capture[],
): { readonly captures: readonly Capture[]; readonly gaps: readonly Gap[] } {
  const gaps: Gap[] = [];
  const read = captures.slice(0, mostCaptures).map((capture): Capture => {
    const file = packetFileName(capture);
    const note = (what: string): void => {
      gaps.push({ collector: "packets", node: capture.node, reason: `${file}: ${what}` });
    };
    try {
      const { bytes, size } = readStart(join(folder, file));
      const { packets, problem } = seenPackets(bytes);
      const cut = size > bytes.length ? `only the first 16 MB of ${size} bytes are read` : problem;
      if (cut !== null) note(cut);
      return { ...capture, packets, cut: capture.cut ?? cut };
    } catch (error) {
      note(describeError(error).message);
      return { ...capture, cut: "they cannot be read" };
    }
  });
  return { captures: read, gaps };
}

/** Bytes of a regular file up to the limit; anything else (a pipe, a device) might never end. */
function readStart(file: string): { readonly bytes: Buffer; readonly size: number } {
  // A pipe would keep open() itself waiting for a writer.
  const handle = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const stat = fstatSync(handle);
    if (!stat.isFile()) throw new Error("it is no regular file");
    const buffer = Buffer.alloc(Math.min(stat.size, mostBytes));
    let filled = 0;
    while (filled < buffer.length) {
      const count = readSync(handle, buffer, filled, buffer.length - filled, filled);
      if (count === 0) break;
      filled += count;
    }
    return { bytes: buffer.subarray(0, filled), size: stat.size };
  } finally {
    closeSync(handle);
  }
}

/**
 * The recordings at or below a path, as paths of their files, sorted: a recording, its folder, or a run with any number.
 * Links below the path are not followed. Never throws: a folder that cannot be read holds none.
 */
export function findRecordings(path: string): string[] {
  const found: string[] = [];
  const open = [{ folder: path, depth: 0 }];
  for (let seen = 0; seen < mostFolders; seen += 1) {
    const next = open.pop();
    if (next === undefined) break;
    for (const entry of entriesOf(next.folder)) {
      const inner = join(next.folder, entry.name);
      if (entry.isFile() && entry.name === recordingName) found.push(inner);
      if (entry.isDirectory() && next.depth < deepestFolder) open.push({ folder: inner, depth: next.depth + 1 });
    }
  }
  return found.length === 0 && isFile(path) ? [path] : found.sort();
}

function entriesOf(folder: string): ReturnType<typeof readEntries> {
  try {
    return readEntries(folder);
  } catch {
    return [];
  }
}

function readEntries(folder: string) {
  return readdirSync(folder, { withFileTypes: true });
}

function isFile(path: string): boolean {
  try {
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
