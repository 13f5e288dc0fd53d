import { createHmac, hkdfSync } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import type { Session } from '#identity';
import type { Clients } from '#platform';

/** What a request is counted and logged by, where addresses may not stand: in keys of Redis and in lines of the log. */
export class ClientIds {
  readonly #clients: Clients;
  readonly #key: Buffer;

  constructor(clients: Clients, secret: string) {
    this.#clients = clients;
    this.#key = Buffer.from(hkdfSync('sha256', secret, 'comptoir', 'client-id', 32));
  }

  /** The id of the person who is signed in; of everybody else a digest of their network, which only this installation can make. */
  of(request: FastifyRequest, session: Session | undefined): string {
    if (session) return session.attendeeId;
    const network = this.#clients.networkOf(request.raw);
    return `~${createHmac('sha256', this.#key).update(network).digest('base64url').slice(0, 16)}`;
  }
}
