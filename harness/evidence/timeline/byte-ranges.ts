/** A half-open range of a stream's positions. */
export type Range = { readonly start: number; readonly end: number };

/** A range with whatever was seen to carry it first. */
export type Piece<Carrier> = Range & { readonly carrier: Carrier };

/** What of a stream was seen, each position once: segments may overlap, since senders repeat and hosts merge and split. */
export class Pieces<Carrier> {
  /** By position, without overlap. */
  readonly #pieces: Piece<Carrier>[] = [];

  /** Takes a segment in the order of sight; gives the pieces that had been seen before. */
  add({ start, end }: Range, carrier: Carrier): readonly Piece<Carrier>[] {
    const known = this.overlapping({ start, end });
    let from = start;
    for (const piece of known) {
      if (from < piece.start) this.#insert({ start: from, end: piece.start, carrier });
      from = Math.max(from, piece.end);
    }
    if (from < end) this.#insert({ start: from, end, carrier });
    return known;
  }

  /** The pieces that share a position with a range, in order. */
  overlapping({ start, end }: Range): readonly Piece<Carrier>[] {
    const first = this.#indexAfter(start);
    const found: Piece<Carrier>[] = [];
    for (let index = first; index < this.#pieces.length; index += 1) {
      const piece = this.#pieces[index];
      if (piece === undefined || piece.start >= end) break;
      found.push(piece);
    }
    return found;
  }

  all(): readonly Piece<Carrier>[] {
    return this.#pieces;
  }

  #insert(piece: Piece<Carrier>): void {
    this.#pieces.splice(this.#indexAfter(piece.start), 0, piece);
  }

  /** Index of the first piece that ends after a position. */
  #indexAfter(position: number): number {
    let [low, high] = [0, this.#pieces.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#pieces[middle]?.end ?? Infinity) > position) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}
