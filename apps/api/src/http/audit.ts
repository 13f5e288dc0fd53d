import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import type { ProblemCode, Role } from '#contract';
import { AppLogger } from '#platform';
import { ClientIds } from './client-ids.ts';

/** The period in which equal entries are counted, in milliseconds. The first entry is logged immediately, the others as their number. */
const WINDOW_MS = 60_000;
/** The maximum number of different entries in one period. Of further entries only the number is logged. */
const ENTRIES_MAX = 500;
const REFUSED = 'a request was refused';

/** The problems that are logged: missing rights, and exceeded limits. */
const REFUSALS: ReadonlySet<string> = new Set<ProblemCode>([
  'not-signed-in',
  'sign-in-invalid',
  'not-allowed',
  'event-not-found',
  'room-not-found',
  'cafe-not-found',
  'registration-not-found',
  'message-not-found',
  'calendar-feed-not-found',
  'ticket-invalid',
  'too-many-requests',
  'proof-of-work-required',
]);

interface Entry {
  fields: Record<string, unknown>;
  message: string;
  /** The number of equal entries after the logged one. */
  more: number;
}

/**
 * Logs refused requests and used roles, with ids, without addresses and names. The number of lines is limited: repetitions by one client
 * within a minute are one line with their number.
 */
@Injectable()
export class Audit implements OnApplicationShutdown {
  readonly #logger: Pick<AppLogger, 'info'>;
  readonly #ids: Pick<ClientIds, 'ofClient'>;
  #entries = new Map<string, Entry>();
  #others = 0;
  readonly #timer: NodeJS.Timeout;

  constructor(logger: AppLogger, ids: ClientIds) {
    this.#logger = logger;
    this.#ids = ids;
    this.#timer = setInterval(() => this.flush(), WINDOW_MS).unref();
  }

  /** Logs a request that is answered with this problem, if the problem is a refusal. */
  refused(request: FastifyRequest, code: ProblemCode): void {
    if (REFUSALS.has(code)) this.#add(REFUSED, { code, call: callOf(request), who: this.#ids.ofClient(request) });
  }

  /** Logs a request that was allowed because of a role. */
  used(request: FastifyRequest, attendeeId: string, role: Role | { role: 'owner' }): void {
    this.#add('a role was used', { ...role, call: callOf(request), who: attendeeId });
  }

  /** Logs the numbers of repetitions, and starts a new period. */
  flush(): void {
    for (const { fields, message, more } of this.#entries.values()) {
      if (more > 0) this.#logger.info({ audit: true, ...fields, more }, `${message} (repeated)`);
    }
    if (this.#others > 0) this.#logger.info({ audit: true, more: this.#others }, 'further requests were refused');
    this.#entries = new Map();
    this.#others = 0;
  }

  onApplicationShutdown(): void {
    clearInterval(this.#timer);
    this.flush();
  }

  #add(message: string, fields: Record<string, unknown>): void {
    const key = JSON.stringify([message, fields]);
    const known = this.#entries.get(key);
    if (known) known.more++;
    else if (this.#entries.size >= ENTRIES_MAX && message === REFUSED) this.#others++;
    else {
      this.#entries.set(key, { fields, message, more: 0 });
      this.#logger.info({ audit: true, ...fields }, message);
    }
  }
}

/** The call of a request as a pattern, without text of the client. */
function callOf({ method, routeOptions }: FastifyRequest): string {
  return `${method} ${routeOptions?.url ?? '(no route)'}`;
}
