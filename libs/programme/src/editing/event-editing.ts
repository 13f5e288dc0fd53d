import { changedFields, recordAuditEntry } from '#audit-log';
import {
  type EventChange,
  type EventCopy,
  type NewEvent,
  ProblemError,
  type Publication,
  type PublicationCheck,
} from '#contract';
import { type Database, Prisma } from '#platform';
import { timeZoneError } from '../time-zone.ts';
import type { Transaction } from '../writing/author.ts';
import { accentError } from './accent.ts';
import { duplicateEvent } from './duplicate-event.ts';
import { mergeLanguages } from './edited-cafe.ts';
import { factsOf, freeSlug } from './event-facts.ts';
import { eventTitleOf, firstLanguage, readEvent, type StoredEvent } from './stored.ts';
import { inChange, lockEvent } from './transaction.ts';

/** What changed an event. */
export interface EventChanged {
  eventId: string;
  /** The Cafés whose seats or states changed too: screens show them. */
  cafeIds: string[];
  changeId?: string;
}

/** Adds, changes, publishes and deletes events for organisers. Each change is one transaction with its entry in the audit log. */
export class EventEditing {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Adds a draft event. Returns its id. @throws ProblemError `slug-taken`, `ends-before-start`, `texts-missing`, `invalid-request` */
  add({ slug, organisationId, ...event }: NewEvent, organisation: string, by: string): Promise<string> {
    return inChange(
      this.#database,
      async (transaction) => {
        const data = {
          ...event,
          title: mergeLanguages({}, event.title),
          startsAt: new Date(event.startsAt),
          endsAt: new Date(event.endsAt),
        };
        checkEvent({ ...data, title: data.title });
        const title = data.title[event.locales[0] ?? ''] ?? '';
        const made = await transaction.event.create({
          data: {
            ...data,
            slug: slug ?? (await freeSlug(transaction, title)),
            organisationId: organisation,
            state: 'draft',
            publishedAt: null,
          },
        });
        const subject = { kind: 'event', id: made.id, label: title } as const;
        const after = factsOf(made);
        await recordAuditEntry(transaction, { what: 'event-created', subject, actorId: by, eventId: made.id, after });
        return made.id;
      },
      'slug-taken',
    );
  }

  /**
   * Changes an event; what is left out stays.
   * @throws ProblemError the problems of `PATCH /events/{slug}`
   */
  change(
    id: string,
    change: EventChange,
    { by, expectVersion }: { by: string; expectVersion?: number },
  ): Promise<EventChanged> {
    return inChange(
      this.#database,
      async (transaction) => {
        await lockEvent(transaction, id);
        const now = await readEvent(transaction, id);
        const before = factsOf(now);
        refuseOtherVersion(now, expectVersion, change);
        const { startsAt, endsAt, title, venue, ...rest } = change;
        const data = {
          ...rest,
          ...(title && { title: mergeLanguages(now.title as Record<string, string>, title) }),
          ...(startsAt && { startsAt: new Date(startsAt) }),
          ...(endsAt && { endsAt: new Date(endsAt) }),
        };
        const wanted = { ...now, ...data };
        checkEvent({ ...wanted, title: wanted.title as Record<string, string> });
        if (startsAt || endsAt) await checkDays(transaction, wanted);
        if (change.locales) await checkLanguage(transaction, wanted);
        const changed = await transaction.event.update({
          where: { id },
          data: { ...data, ...(venue !== undefined && { venue: venue ?? Prisma.DbNull }) },
        });
        const fields = changedFields(before, factsOf(changed));
        if (!fields) return { eventId: id, cafeIds: [] };
        const subject = { kind: 'event', id, label: eventTitleOf(changed) } as const;
        const entry = { what: 'event-changed', subject, actorId: by, eventId: id, ...fields } as const;
        return { eventId: id, cafeIds: [], changeId: await recordAuditEntry(transaction, entry) };
      },
      'slug-taken',
    );
  }

  /** Copies an event to other days, as a draft: see `duplicateEvent`. */
  duplicate(id: string, copy: EventCopy, by: string): Promise<string> {
    return duplicateEvent(this.#database, id, copy, by);
  }

  /** What stands against publishing an event. */
  blockers(id: string): Promise<PublicationCheck['blockers']> {
    return inChange(this.#database, async (transaction) => blockersOf(transaction, await readEvent(transaction, id)));
  }

  /** Deletes an event in which nobody ever registered. @throws ProblemError `has-registrations` {registrations} */
  remove(id: string, by: string): Promise<void> {
    return inChange(this.#database, async (transaction) => {
      await lockEvent(transaction, id);
      const event = await readEvent(transaction, id);
      const [used] = await transaction.$queryRaw<{ registrations: number }[]>`
        select seats_registrations_of(${id}::uuid) as registrations`;
      if (used && used.registrations > 0) throw new ProblemError('has-registrations', { ...used });
      const subject = { kind: 'event', id, label: eventTitleOf(event) } as const;
      const { organisationId } = event;
      await recordAuditEntry(transaction, {
        ...{ what: 'event-deleted', subject, actorId: by, organisationId, eventId: id, before: factsOf(event) },
      });
      await transaction.event.delete({ where: { id } });
    });
  }

  /**
   * Publishes an event and opens its Cafés, except those that `cafes` gives another state.
   * @throws ProblemError `version-changed`, `event-not-ready` {blockers}, `cafe-not-found`
   */
  publish(
    id: string,
    { cafes = [] }: Publication,
    { by, expectVersion }: { by: string; expectVersion?: number },
  ): Promise<EventChanged> {
    return inChange(this.#database, async (transaction) => {
      await lockEvent(transaction, id);
      const event = await readEvent(transaction, id);
      refuseOtherVersion(event, expectVersion, {});
      const blockers = await blockersOf(transaction, event);
      if (blockers.length > 0) throw new ProblemError('event-not-ready', { blockers });
      const others = new Map(cafes.map((cafe) => [cafe.id, cafe.state]));
      const rows = await transaction.$queryRaw<{ cafe_id: string; state: string }[]>`
        select cafe_id, state from cafe_seats_of_event(${id}::uuid, true)`;
      const known = new Set(rows.map((row) => row.cafe_id));
      if ([...others.keys()].some((cafeId) => !known.has(cafeId))) throw new ProblemError('cafe-not-found');
      await transaction.event.update({ where: { id }, data: { state: 'published', publishedAt: new Date() } });
      const drafts = rows.filter(({ state }) => state === 'draft').map((row) => row.cafe_id);
      for (const state of ['open', 'closed'] as const) {
        const ids = drafts.filter((cafeId) => (others.get(cafeId) ?? 'open') === state);
        await transaction.$executeRaw`select seats_set_states(${ids}::uuid[], ${state}::cafe_state, ${by}::uuid)`;
      }
      const subject = { kind: 'event', id, label: eventTitleOf(event) } as const;
      const fields = { before: { state: event.state }, after: { state: 'published' } };
      const entry = { what: 'event-published', subject, actorId: by, eventId: id, ...fields } as const;
      return { eventId: id, cafeIds: drafts, changeId: await recordAuditEntry(transaction, entry) };
    });
  }

  /** Makes an event and its Cafés drafts again. @throws ProblemError `version-changed`, `has-registrations` {registrations} */
  withdraw(id: string, { by, expectVersion }: { by: string; expectVersion?: number }): Promise<EventChanged> {
    return inChange(this.#database, async (transaction) => {
      await lockEvent(transaction, id);
      const event = await readEvent(transaction, id);
      refuseOtherVersion(event, expectVersion, {});
      const rows = await transaction.$queryRaw<{ cafe_id: string; state: string; taken: number; waitlisted: number }[]>`
        select cafe_id, state, taken, waitlisted from cafe_seats_of_event(${id}::uuid, true)`;
      const registrations = rows.reduce((sum, { taken, waitlisted }) => sum + taken + waitlisted, 0);
      if (registrations > 0) throw new ProblemError('has-registrations', { registrations });
      const shown = rows.filter(({ state }) => state !== 'draft').map((row) => row.cafe_id);
      await transaction.$executeRaw`select seats_set_states(${shown}::uuid[], 'draft', ${by}::uuid)`;
      await transaction.event.update({ where: { id }, data: { state: 'draft' } });
      const subject = { kind: 'event', id, label: eventTitleOf(event) } as const;
      const fields = { before: { state: event.state }, after: { state: 'draft' } };
      const entry = { what: 'event-withdrawn', subject, actorId: by, eventId: id, ...fields } as const;
      return { eventId: id, cafeIds: shown, changeId: await recordAuditEntry(transaction, entry) };
    });
  }
}

async function blockersOf(transaction: Transaction, event: StoredEvent): Promise<PublicationCheck['blockers']> {
  const [rooms, cafes] = [
    await transaction.room.count({ where: { eventId: event.id } }),
    await transaction.cafe.count({ where: { eventId: event.id } }),
  ];
  return [
    ...(rooms === 0 ? ['no-room' as const] : []),
    ...(cafes === 0 ? ['no-cafe' as const] : []),
    ...(event.endsAt.getTime() < Date.now() ? ['over' as const] : []),
  ];
}

/** @throws ProblemError `version-changed` {version, current}: the current values of what the change names */
function refuseOtherVersion(event: StoredEvent, expected: number | undefined, change: EventChange): void {
  const version = Number(event.factsVersion);
  if (expected === undefined || expected === version) return;
  const current = Object.fromEntries(Object.entries(factsOf(event)).filter(([name]) => Object.hasOwn(change, name)));
  throw new ProblemError('version-changed', { version, current });
}

/** @throws ProblemError `ends-before-start`, `texts-missing` {language}, `accent-unreadable` {contrast, nearest}, `invalid-request` */
function checkEvent(event: {
  title: Record<string, string>;
  timeZone: string;
  startsAt: Date;
  endsAt: Date;
  locales: string[];
  accent?: string | null;
}): void {
  if (event.endsAt <= event.startsAt) throw new ProblemError('ends-before-start');
  const zone = timeZoneError(event.timeZone);
  if (zone) throw new ProblemError('invalid-request', { errors: [{ path: 'timeZone', message: zone }] });
  const language = firstLanguage(event);
  if (!event.title[language]) throw new ProblemError('texts-missing', { language });
  const unreadable = event.accent ? accentError(event.accent) : undefined;
  if (unreadable) throw new ProblemError('accent-unreadable', unreadable);
}

/** The most Cafés that one problem names. */
const NAMED_MAX = 50;

/** @throws ProblemError `outside-event` {cafes}: Cafés that are not within its days */
async function checkDays(transaction: Transaction, { id, startsAt, endsAt }: StoredEvent): Promise<void> {
  const outside = await transaction.cafe.findMany({
    where: { eventId: id, OR: [{ startsAt: { lt: startsAt } }, { endsAt: { gt: endsAt } }] },
    select: { id: true },
    take: NAMED_MAX,
  });
  if (outside.length > 0) throw new ProblemError('outside-event', { cafes: outside.map((cafe) => cafe.id) });
}

/** @throws ProblemError `texts-missing` {language, cafes}: Cafés without texts in its first language */
async function checkLanguage(transaction: Transaction, event: StoredEvent): Promise<void> {
  const language = firstLanguage(event);
  const cafes = await transaction.cafe.findMany({ where: { eventId: event.id }, select: { id: true, texts: true } });
  const without = cafes.filter(({ texts }) => !(texts as Record<string, unknown>)[language]).map(({ id }) => id);
  if (without.length > 0) throw new ProblemError('texts-missing', { language, cafes: without.slice(0, NAMED_MAX) });
}
