/** How much random load runs beside a soak. */
export const loadLevels = ["none", "some", "heavy"] as const;
export type LoadLevel = (typeof loadLevels)[number];

export const loadKinds = ["processor", "disk", "memory"] as const;
export type LoadKind = (typeof loadKinds)[number];

/** What one process of the load does, in turns of random length. */
export type LoadPart = {
  readonly kind: LoadKind;
  /** The most that it writes or holds at a time, in MB; 0 for a processor's. */
  readonly mostMb: number;
  /** The longest rest between two turns, in ms. */
  readonly mostRestMs: number;
};

/** The machine, as far as the load has to leave something of it. */
export type Machine = { readonly processors: number; readonly freeMemoryMb: number; readonly freeDiskMb: number };

/** The processes of a load. It takes a part of what is free, and never more than a bound. */
export function loadPlan(level: LoadLevel, { processors, freeMemoryMb, freeDiskMb }: Machine): readonly LoadPart[] {
  if (level === "none") return [];
  const isHeavy = level === "heavy";
  const mostRestMs = isHeavy ? 1000 : 4000;
  const share = isHeavy ? 0.3 : 0.1;
  const writers = isHeavy ? 2 : 1;
  const disk = Math.floor(Math.min((freeDiskMb * share) / writers, isHeavy ? 256 : 64));
  const memory = Math.floor(Math.min(freeMemoryMb * share, isHeavy ? 2048 : 512));
  const busy = isHeavy ? 2 * processors : Math.ceil(processors / 2);
  const parts = (count: number, kind: LoadKind, mostMb: number): readonly LoadPart[] =>
    Array.from({ length: count }, () => ({ kind, mostMb, mostRestMs }));
  return [
    ...parts(busy, "processor", 0),
    ...(disk > 0 ? parts(writers, "disk", disk) : []),
    ...(memory > 0 ? parts(1, "memory", memory) : []),
  ];
}
