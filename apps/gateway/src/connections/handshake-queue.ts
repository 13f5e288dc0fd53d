import type { IncomingMessage } from 'node:http';

/** A handshake that waits for its turn. */
export interface WaitingHandshake<Answer> {
  request: IncomingMessage;
  answer: Answer;
}

/**
 * The waiting handshakes of one address. Fingerprints take turns; handshakes of one fingerprint are in the order of arrival. A program that
 * opens many connections therefore delays each turn of the people at its address by only one handshake.
 */
export class HandshakeQueue<Answer> {
  readonly #byFingerprint = new Map<string, WaitingHandshake<Answer>[]>();
  #length = 0;

  get length(): number {
    return this.#length;
  }

  add(handshake: WaitingHandshake<Answer>): void {
    const fingerprint = fingerprintOf(handshake.request);
    const handshakes = this.#byFingerprint.get(fingerprint) ?? [];
    this.#byFingerprint.set(fingerprint, handshakes);
    handshakes.push(handshake);
    this.#length += 1;
  }

  /** Takes the handshake whose turn it is, unless `mayTake` is false. Drops handshakes whose TCP connection is closed. */
  take(mayTake: () => boolean): WaitingHandshake<Answer> | undefined {
    for (const [fingerprint, handshakes] of this.#byFingerprint) {
      const isClosed = handshakes[0]?.request.socket.destroyed;
      if (!isClosed && !mayTake()) return undefined;
      const handshake = handshakes.shift();
      // The fingerprint goes to the end of the order.
      this.#byFingerprint.delete(fingerprint);
      if (handshakes.length > 0) this.#byFingerprint.set(fingerprint, handshakes);
      this.#length -= 1;
      if (!isClosed) return handshake;
    }
    return undefined;
  }

  /** Takes the newest handshake of the fingerprint with the most handshakes. */
  takeMostCommon(): WaitingHandshake<Answer> | undefined {
    let largest: [fingerprint: string, handshakes: WaitingHandshake<Answer>[]] | undefined;
    for (const entry of this.#byFingerprint) if (!largest || entry[1].length > largest[1].length) largest = entry;
    if (!largest) return undefined;
    const [fingerprint, handshakes] = largest;
    const handshake = handshakes.pop();
    if (handshakes.length === 0) this.#byFingerprint.delete(fingerprint);
    this.#length -= 1;
    return handshake;
  }

  /** Drops handshakes whose TCP connection is closed. */
  dropClosed(): void {
    for (const [fingerprint, all] of this.#byFingerprint) {
      const open = all.filter(({ request }) => !request.socket.destroyed);
      this.#length -= all.length - open.length;
      if (open.length > 0) this.#byFingerprint.set(fingerprint, open);
      else this.#byFingerprint.delete(fingerprint);
    }
  }

  /** Takes all handshakes. */
  takeAll(): WaitingHandshake<Answer>[] {
    const all = [...this.#byFingerprint.values()].flat();
    this.#byFingerprint.clear();
    this.#length = 0;
    return all;
  }
}

/** The fingerprint of a handshake: user agent, languages and header names. Programs that open many connections send the same fingerprint. */
export function fingerprintOf({ headers, rawHeaders }: IncomingMessage): string {
  const names = rawHeaders.filter((_, place) => place % 2 === 0).join();
  return `${headers['user-agent']}|${headers['accept-language']}|${names}`.toLowerCase().slice(0, 600);
}
