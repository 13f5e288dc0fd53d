/** A text that is read again within this time counts as the same read, in milliseconds. */
const SAME_FOR_MS = 4_000;

/**
 * Ignores repeated reads: a camera reads a ticket many times a second. Stores the last read of each text, because two tickets in the picture are
 * read in turn. A text counts again after a pause.
 */
export class RepeatGuard {
  readonly #seenAt = new Map<string, number>();

  /** Whether a text counts as a new read. @param now in milliseconds, of any clock */
  isNew(text: string, now: number): boolean {
    for (const [seen, at] of this.#seenAt) if (now - at > SAME_FOR_MS) this.#seenAt.delete(seen);
    const isNew = !this.#seenAt.has(text);
    this.#seenAt.set(text, now);
    return isNew;
  }
}
