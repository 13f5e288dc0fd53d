import type { IncomingMessage } from 'node:http';

/** A handshake that waits for its turn. */
export interface WaitingHandshake<Answer> {
  request: IncomingMessage;
  answer: Answer;
}

/**
 * The handshakes of one address that wait for their turn. Looks take turns; handshakes of one look are in the order of arrival. So a
 * program that opens many connections delays the people of its address by one handshake each time.
 */
export class HandshakeQueue<Answer> {
  readonly #byLook = new Map<string, WaitingHandshake<Answer>[]>();
  #length = 0;

  get length(): number {
    return this.#length;
  }

  add(handshake: WaitingHandshake<Answer>): void {
    const look = lookOf(handshake.request);
    const alike = this.#byLook.get(look) ?? [];
    this.#byLook.set(look, alike);
    alike.push(handshake);
    this.#length += 1;
  }

  /** Takes the handshake whose turn it is, unless `mayTake` is false. Handshakes whose TCP connection is closed are dropped on the way. */
  take(mayTake: () => boolean): WaitingHandshake<Answer> | undefined {
    for (const [look, alike] of this.#byLook) {
      const isClosed = alike[0]?.request.socket.destroyed;
      if (!isClosed && !mayTake()) return undefined;
      const handshake = alike.shift();
      // The look goes behind all others.
      this.#byLook.delete(look);
      if (alike.length > 0) this.#byLook.set(look, alike);
      this.#length -= 1;
      if (!isClosed) return handshake;
    }
    return undefined;
  }

  /** Takes the newest handshake of the look that most of them have. */
  takeMostAlike(): WaitingHandshake<Answer> | undefined {
    let largest: [look: string, alike: WaitingHandshake<Answer>[]] | undefined;
    for (const entry of this.#byLook) if (!largest || entry[1].length > largest[1].length) largest = entry;
    if (!largest) return undefined;
    const [look, alike] = largest;
    const handshake = alike.pop();
    if (alike.length === 0) this.#byLook.delete(look);
    this.#length -= 1;
    return handshake;
  }

  /** Drops handshakes whose TCP connection is closed. */
  dropClosed(): void {
    for (const [look, all] of this.#byLook) {
      const open = all.filter(({ request }) => !request.socket.destroyed);
      this.#length -= all.length - open.length;
      if (open.length > 0) this.#byLook.set(look, open);
      else this.#byLook.delete(look);
    }
  }

  /** Takes all handshakes. */
  takeAll(): WaitingHandshake<Answer>[] {
    const all = [...this.#byLook.values()].flat();
    this.#byLook.clear();
    this.#length = 0;
    return all;
  }
}

/** The look of a handshake: user agent, languages and header names. Programs that open many connections send the same look. */
export function lookOf({ headers, rawHeaders }: IncomingMessage): string {
  const names = rawHeaders.filter((_, place) => place % 2 === 0).join();
  return `${headers['user-agent']}|${headers['accept-language']}|${names}`.toLowerCase().slice(0, 600);
}
