import { type CafeSeats, ProblemError, type SeatChange } from '#contract';
import type { Database } from '#platform';
import { CountReads } from './count-reads.ts';
import { afterCommit, openQuery, type Query } from './query.ts';
import { RegistrationReads } from './registration-reads.ts';
import * as rows from './rows.ts';
import type { OwnedRegistration } from './types.ts';

/** Publishes the changes of a commit, so that every screen shows them. Returns at once, never throws. */
export abstract class SeatPublisher {
  abstract publish(changed: SeatChange): void;
}

/** Runs the SQL functions that change seats. Each call is one transaction. After its commit, the changes are published and read. */
export class Commits {
  /** Runs one statement in a transaction of its own; it is on disk when it resolves. @throws ProblemError `busy` */
  readonly query: Query;
  readonly #counts: CountReads;
  readonly #registrations: RegistrationReads;
  readonly #publisher: SeatPublisher | undefined;

  /** @param publisher undefined when no screen needs the changes, as in a command */
  constructor(database: Database, publisher?: SeatPublisher) {
    this.query = openQuery(database.pool);
    this.#counts = new CountReads(database);
    this.#registrations = new RegistrationReads(database);
    this.#publisher = publisher;
  }

  /** Publishes the changes of these registrations and Cafés. */
  publish(changed: rows.ChangedRow[], cafeIds: string[] = []): void {
    const ids = [...new Set([...changed.map((row) => row.cafe_id), ...cafeIds])];
    if (ids.length === 0) return;
    this.#publisher?.publish({
      cafeIds: ids,
      registrations: changed.map((row) => [row.registration_id, row.attendee_id]),
    });
  }

  /** Reads one registration after a commit. */
  registration(id: string): Promise<OwnedRegistration | undefined> {
    return afterCommit(() => this.#registrations.registration(id));
  }

  /** Reads registrations after a commit, in the order of the starts of their Cafés. */
  registrations(ids: string[]): Promise<OwnedRegistration[]> {
    return afterCommit(() => this.#registrations.registrations(ids));
  }

  /**
   * Publishes the registrations that a commit changed, and reads one.
   * @throws ProblemError `registration-not-found`
   */
  async publishAndRead(registrationId: string, changedIds: string[] | null | undefined): Promise<OwnedRegistration> {
    const [registration] = await Promise.all([this.registration(registrationId), this.publishIds(changedIds)]);
    if (!registration) throw new ProblemError('registration-not-found');
    return registration;
  }

  /**
   * Publishes a Café and the registrations that a commit changed, and reads the counts of the Café.
   * @throws ProblemError `cafe-not-found`
   */
  async publishAndCount(cafeId: string, changedIds: string[] | null | undefined): Promise<CafeSeats> {
    await this.publishIds(changedIds, [cafeId]);
    const [counts] = await afterCommit(() => this.#counts.countsOf([cafeId]));
    if (!counts) throw new ProblemError('cafe-not-found');
    return counts;
  }

  /** Publishes registrations and Cafés that a commit changed. */
  async publishIds(ids: string[] | null | undefined, cafeIds: string[] = []): Promise<void> {
    this.publish((await this.registrations(ids ?? [])).map(rows.changedRow), cafeIds);
  }
}
