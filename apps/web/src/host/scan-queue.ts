import type { CheckInAnswer } from '#contract';
import { ApiProblem, mayPass } from '../shared/api.ts';
import type { Scan } from './door-store.ts';

/** Where the scans of a queue are kept, and how they are sent. */
export interface ScanQueueOptions {
  keep: (scan: Scan) => Promise<void>;
  forget: (clientId: string) => Promise<void>;
  /** @throws ApiProblem */
  send: (scan: Scan) => Promise<CheckInAnswer>;
  /** The API answered, or refused. */
  answered: (scan: Scan, answer: CheckInAnswer | ApiProblem) => void;
  /** Nobody answered: the scan is kept, and sent again. */
  unanswered: (scan: Scan) => void;
  /** The scans that wait have changed. */
  changed: (waiting: Scan[]) => void;
}

/**
 * The check-ins of a door that were not answered yet. Each is kept before it is sent, and sent with the same client id until the API answers, so
 * that it is recorded once.
 */
export class ScanQueue {
  readonly #options: ScanQueueOptions;
  readonly #waiting = new Map<string, Scan>();
  readonly #inFlight = new Set<string>();

  constructor(options: ScanQueueOptions) {
    this.#options = options;
  }

  /** Adds the scans of an earlier visit, and sends them. */
  resume(scans: Scan[]): void {
    for (const scan of scans) this.#waiting.set(scan.clientId, scan);
    this.#changed();
    this.flush();
  }

  /** Keeps a scan, and sends it. */
  async add(scan: Scan): Promise<void> {
    this.#waiting.set(scan.clientId, scan);
    this.#changed();
    await this.#options.keep(scan);
    await this.#send(scan);
  }

  has(clientId: string): boolean {
    return this.#waiting.has(clientId);
  }

  /** Sends again whatever waits. */
  flush(): void {
    for (const scan of this.#waiting.values()) void this.#send(scan);
  }

  async #send(scan: Scan): Promise<void> {
    const { clientId } = scan;
    if (this.#inFlight.has(clientId)) return;
    this.#inFlight.add(clientId);
    const answer = await this.#options
      .send(scan)
      .catch((fault: unknown) => (fault instanceof ApiProblem ? fault : new ApiProblem({}, 'unreachable')));
    this.#inFlight.delete(clientId);
    // Whose session ended signs in again: until then the scan waits.
    const waits = answer instanceof ApiProblem && (mayPass(answer) || answer.code === 'not-signed-in');
    if (waits) return this.#options.unanswered(scan);
    this.#waiting.delete(clientId);
    this.#changed();
    await this.#options.forget(clientId);
    this.#options.answered(scan, answer);
  }

  #changed(): void {
    this.#options.changed([...this.#waiting.values()]);
  }
}
