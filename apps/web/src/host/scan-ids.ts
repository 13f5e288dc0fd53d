/** So long after its answer the same ticket is the same scan, in milliseconds: a reader or a camera often reads it twice. */
const SAME_FOR_MS = 5_000;
/** The most scans that are kept without an answer; of more, the oldest are forgotten. */
const SCANS_MAX = 200;

interface Scan {
  id: string;
  /** When its answer came, in milliseconds of the clock of the caller. */
  answeredAt?: number;
}

/**
 * Gives each scan an id, by which the API records it once. A ticket that is scanned again has the same id while no answer came, and for a
 * moment after it: then the answer says that the person is welcome, and not that they are here already.
 */
export class ScanIds {
  readonly #scans = new Map<string, Scan>();

  /** The id for what is scanned: the text of a ticket, or the id of a registration. */
  idFor(scanned: string, now: number): string {
    for (const [key, { answeredAt }] of this.#scans)
      if (answeredAt !== undefined && now - answeredAt > SAME_FOR_MS) this.#scans.delete(key);
    const { id } = this.#scans.get(scanned) ?? { id: crypto.randomUUID() };
    this.#scans.delete(scanned);
    this.#scans.set(scanned, { id });
    const [oldest] = this.#scans.keys();
    if (this.#scans.size > SCANS_MAX && oldest !== undefined) this.#scans.delete(oldest);
    return id;
  }

  /** The API answered. */
  answered(scanned: string, now: number): void {
    const scan = this.#scans.get(scanned);
    if (scan) scan.answeredAt = now;
  }

  /** A check-in was undone: whatever is scanned next is a new scan. */
  forget(): void {
    this.#scans.clear();
  }
}
