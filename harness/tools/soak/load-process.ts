/**
 * One process of a soak's load: `soak-load KIND MOST_MB MOST_REST_MS SEED FILE`. It ends as soon as its stdin does, so that it
 * never outlives the soak, whatever becomes of that.
 */
import { open, rm } from "node:fs/promises";
import { setImmediate as turn, setTimeout as delay } from "node:timers/promises";
import { randomOf, type Random } from "../random";

const megabyte = 1024 * 1024;
/** The longest turn, in ms. */
const mostTurnMs = 4000;

const ending = new AbortController();
const { signal } = ending;

/** Computes; lets the end of stdin be heard every few hundredths of a second. */
async function compute(random: Random): Promise<void> {
  const end = performance.now() + random.whole(200, mostTurnMs);
  while (performance.now() < end && !signal.aborted) {
    const pause = performance.now() + 30;
    while (performance.now() < pause) Math.sqrt(random.next());
    await turn();
  }
}

/** Writes a file, has it written to the disk, and removes it. */
async function write(random: Random, mostMb: number, path: string): Promise<void> {
  try {
    const file = await open(path, "w");
    try {
      const block = Buffer.alloc(megabyte, random.whole(1, 255));
      for (let left = random.whole(1, mostMb); left > 0 && !signal.aborted; left -= 1) await file.write(block);
      if (!signal.aborted) await file.sync();
    } finally {
      await file.close();
    }
  } catch {
    // A disk that is full is load enough.
    await rest(mostTurnMs);
  } finally {
    await rm(path, { force: true });
  }
}

/** Holds memory that is really there, since every page of it is written. */
async function hold(random: Random, mostMb: number): Promise<void> {
  const held: Buffer[] = [];
  for (let left = random.whole(1, mostMb); left > 0 && !signal.aborted; left -= 1) {
    held.push(Buffer.alloc(megabyte, 1));
    if (left % 16 === 0) await turn();
  }
  await rest(random.whole(200, mostTurnMs));
  held.length = 0;
}

async function rest(ms: number): Promise<void> {
  // It rejects where the rest is cut short.
  await delay(ms, undefined, { signal }).catch(() => undefined);
}

async function main([kind, most, mostRest, seed, path = ""]: readonly string[]): Promise<void> {
  process.stdin.resume().once("close", () => {
    ending.abort();
  });
  const random = randomOf(Number(seed), 0);
  while (!signal.aborted) {
    if (kind === "processor") await compute(random);
    else if (kind === "disk") await write(random, Number(most), path);
    else await hold(random, Number(most));
    await rest(random.whole(0, Number(mostRest)));
  }
}

void main(process.argv.slice(2));
