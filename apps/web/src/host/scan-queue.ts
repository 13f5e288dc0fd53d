import type { CheckInAnswer } from '#contract';
import { ApiProblem, isTransient } from '../shared/api.ts';
import type { Scan } from './door-store.ts';

/** How a queue stores and sends its scans. */
export interface ScanQueueOptions {
  store: (scan: Scan) => Promise<void>;
  remove: (clientId: string) => Promise<void>;
  /** @throws ApiProblem */
  send: (scan: Scan) => Promise<CheckInAnswer>;
  /** Called with the answer or the refusal of the API. */
  answered: (scan: Scan, answer: CheckInAnswer | ApiProblem) => void;
  /** Called when the API did not answer. The scan stays stored, and is sent again. */
  unanswered: (scan: Scan) => void;
  /** Called when the list of waiting scans changed. */
  changed: (waiting: Scan[]) => void;
}

/**
 * The check-ins of a door that the API has not answered yet. Each is stored before it is sent, and is sent with the same client id until the API
 * answers, so that it is recorded once.
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

  /** Stores a scan, and sends it. */
  async add(scan: Scan): Promise<void> {
    this.#waiting.set(scan.clientId, scan);
    this.#changed();
    await this.#options.store(scan);
    await this.#send(scan);
  }

  has(clientId: string): boolean {
    return this.#waiting.has(clientId);
  }

  /** Sends all waiting scans. */
  flush(): void {
    for (const scan of this.#waiting.values()) void this.#send(scan);
  }

  async #send(scan: Scan): Promise<void> {
    const { clientId } = scan;
    if (this.#inFlight.has(clientId)) return;
    this.#inFlight.add(clientId);
    const answer = await this.#options
      .send(scan)
      .catch((error: unknown) => (error instanceof ApiProblem ? error : new ApiProblem({}, 'unreachable')));
    this.#inFlight.delete(clientId);
    // After the end of a session the scan waits until the host signs in again.
    const waits = answer instanceof ApiProblem && (isTransient(answer) || answer.code === 'not-signed-in');
    if (waits) return this.#options.unanswered(scan);
    this.#waiting.delete(clientId);
    this.#changed();
    await this.#options.remove(clientId);
    this.#options.answered(scan, answer);
  }

  #changed(): void {
    this.#options.changed([...this.#waiting.values()]);
  }
}
