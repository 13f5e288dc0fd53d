/** How long after the answer another read of the ticket counts as the same scan, in milliseconds. Readers and cameras often read a ticket twice. */
const SAME_FOR_MS = 5_000;
/** The most stored scans without an answer. Of more, the oldest are removed. */
const SCANS_MAX = 200;

interface Scan {
  id: string;
  /** When the answer came, in milliseconds of the caller's clock. */
  answeredAt?: number;
}

/**
 * Gives each scan an id, so that the API records it once. A ticket that is scanned again gets the same id until the answer comes and for a short
 * time after it. The answer is then the welcome again, and not that the person is here already.
 */
export class ScanIds {
  readonly #scans = new Map<string, Scan>();

  /** Returns the id for a scanned text: the text of a ticket, or the id of a registration. @param now in milliseconds, of any clock */
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

  /** Records that the API answered. */
  answered(scanned: string, now: number): void {
    const scan = this.#scans.get(scanned);
    if (scan) scan.answeredAt = now;
  }

  /** Makes every next scan a new one. Called after a check-in was undone. */
  clear(): void {
    this.#scans.clear();
  }
}
