/** How long the same ticket in front of the camera counts as one, in milliseconds. */
const SAME_FOR_MS = 4_000;

/** Ignores repeated reads: a camera reads a ticket many times a second. A ticket counts again after it was away for a while. */
export class RepeatGuard {
  #last = '';
  #seenAt = Number.NEGATIVE_INFINITY;

  isNew(text: string, now: number): boolean {
    const isNew = text !== this.#last || now - this.#seenAt > SAME_FOR_MS;
    this.#last = text;
    this.#seenAt = now;
    return isNew;
  }
}
