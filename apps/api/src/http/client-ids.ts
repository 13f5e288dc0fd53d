import { createHmac, hkdfSync } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { AppLogger, Clients, Configuration } from '#platform';
import { Cookies } from './cookies.ts';

/** The ids by which requests are counted in Redis and logged. They contain no addresses. */
@Injectable()
export class ClientIds {
  readonly #clients: Clients;
  readonly #cookies: Cookies;
  readonly #key: Buffer;

  constructor(configuration: Configuration, logger: AppLogger, cookies: Cookies) {
    this.#clients = new Clients(configuration, logger);
    this.#cookies = cookies;
    this.#key = Buffer.from(hkdfSync('sha256', configuration.APP_SECRET, 'comptoir', 'client-id', 32));
  }

  /** Returns the id of the attendee, or without a session the id of the network. */
  ofClient(request: FastifyRequest): string {
    return this.#cookies.session(request)?.attendeeId ?? this.ofNetwork(request);
  }

  /** Returns a keyed digest of the network of a request. */
  ofNetwork(request: FastifyRequest): string {
    const network = this.#clients.networkOf(request.raw);
    return `~${createHmac('sha256', this.#key).update(network).digest('base64url').slice(0, 16)}`;
  }
}
