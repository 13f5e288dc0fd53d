import pg from 'pg';
import { endWithoutWaiting, requireServer } from '#platform';

/** Limits of the session, in milliseconds. */
const LIMITS = {
  /** How long the database may take to accept the connection. */
  connectMs: 5_000,
  /** When the database cancels a statement. */
  statementMs: 5_000,
  /** When the client gives up a statement. A database that answers has cancelled the statement before that. */
  answerMs: 6_000,
  /** How often the session is checked. */
  pingEveryMs: 10_000,
};

/**
 * The relay's own session with the database. It receives notifications of outbox rows, and holds the advisory lock of its worker. No other
 * worker takes over the leases of this worker while the session lasts.
 */
export class RelaySession {
  readonly #databaseUrl: string;
  readonly #worker: number;
  readonly #onNotified: () => void;
  readonly #onEnded: () => void;
  readonly #limits: typeof LIMITS;
  #client: pg.Client | undefined;
  #checkedAt = 0;

  constructor(options: {
    databaseUrl: string;
    worker: number;
    onNotified: () => void;
    onEnded: () => void;
    limits?: Partial<typeof LIMITS>;
  }) {
    this.#databaseUrl = options.databaseUrl;
    this.#worker = options.worker;
    this.#onNotified = options.onNotified;
    this.#onEnded = options.onEnded;
    this.#limits = { ...LIMITS, ...options.limits };
  }

  /**
   * Opens the session when it is not open; otherwise checks it every `pingEveryMs`.
   * @throws BehindPooler, PostgresTooOld
   * @throws Error when the database does not accept the connection or does not answer in time
   */
  async keep(): Promise<void> {
    if (!this.#client) await this.#open();
    else if (Date.now() - this.#checkedAt >= this.#limits.pingEveryMs) await this.#ping(this.#client);
  }

  async close(): Promise<void> {
    await this.#client?.end().catch(() => {});
  }

  async #open(): Promise<void> {
    const client = new pg.Client({
      connectionString: this.#databaseUrl,
      application_name: 'comptoir-relay',
      connectionTimeoutMillis: this.#limits.connectMs,
      query_timeout: this.#limits.answerMs,
      keepAlive: true,
    });
    client.on('error', () => {});
    client.on('end', () => this.#ended(client));
    client.on('notification', () => this.#onNotified());
    try {
      await client.connect();
      await requireServer(client);
      await client.query(`set statement_timeout = ${this.#limits.statementMs}`);
      await client.query('select pg_advisory_lock(outbox_worker_lock(), $1)', [this.#worker]);
      await client.query('listen outbox');
    } catch (error) {
      drop(client);
      throw error;
    }
    this.#client = client;
    this.#checkedAt = Date.now();
  }

  async #ping(client: pg.Client): Promise<void> {
    this.#checkedAt = Date.now();
    try {
      await client.query('select');
    } catch (error) {
      drop(client);
      this.#ended(client);
      throw error;
    }
  }

  #ended(client: pg.Client): void {
    if (this.#client === client) this.#client = undefined;
    this.#onEnded();
  }
}

/** Ends a connection whose server may not answer: an orderly end that is never read would keep the process alive. */
function drop(client: pg.Client): void {
  client.end().catch(() => {});
  endWithoutWaiting(client);
}
