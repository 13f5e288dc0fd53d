/** How long the same text in front of the camera counts as one, in milliseconds. */
const SAME_FOR_MS = 4_000;

/**
 * Ignores repeated reads: a camera reads a ticket many times a second. Each text is remembered by itself, because two tickets in the picture
 * are read in turn. A text counts again after it was away for a while.
 */
export class RepeatGuard {
  readonly #seenAt = new Map<string, number>();

  /** @param now milliseconds */
  isNew(text: string, now: number): boolean {
    for (const [seen, at] of this.#seenAt) if (now - at > SAME_FOR_MS) this.#seenAt.delete(seen);
    const isNew = !this.#seenAt.has(text);
    this.#seenAt.set(text, now);
    return isNew;
  }
}
