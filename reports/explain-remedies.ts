/** Which remedies fit into an explanation. */

/** A remedy in rows: with its lines to paste, and in one row without them. */
export type RemedyText<Row> = {
  /** Two findings may have the same remedy; it is printed once. */
  readonly key: string;
  readonly whole: readonly Row[];
  readonly brief: readonly Row[];
};

/**
 * * The remedies, best first, in so many terminal rows. Remedies that do not fit are first shortened and then left out, from the last one
 * on, and the best one only after all others; one row is then kept free for a note of how many that are.
 */
export function fitRemedies<Row extends { readonly height: number }>(
  remedies: readonly RemedyText<Row>[],
  most: number,
): { readonly rows: Row[]; readonly shortened: number } {
  const distinct = [...new Map(remedies.map((remedy) => [remedy.key, remedy])).values()];
  const shown = distinct.map((remedy) => remedy.whole);
  if (heightOf(shown) <= most) return { rows: shown.flat(), shortened: 0 };
  const others = [...distinct.keys()].slice(1).reverse();
  const steps = [others, others, [0], [0]].flatMap((group, step) =>
    group.map((index) => [index, step % 2 === 0] as const),
  );
  for (const [index, isBrief] of steps) {
    if (heightOf(shown) <= Math.max(0, most - 1)) break;
    shown[index] = isBrief ? (distinct[index]?.brief ?? []) : [];
  }
  const shortened = distinct.filter((remedy, index) => shown[index] !== remedy.whole).length;
  return { rows: shown.flat(), shortened };
}

function heightOf(groups: readonly (readonly { readonly height: number }[])[]): number {
  return groups.flat().reduce((sum, { height }) => sum + height, 0);
}
