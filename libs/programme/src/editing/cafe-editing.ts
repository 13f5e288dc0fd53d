import { recordAuditEntry } from '#audit-log';
import { type AuditWhat, type CafeCopy, type CafeEdit, EVENT_CAFES_MAX, type NewCafe, ProblemError } from '#contract';
import type { Database } from '#platform';
import type { Transaction } from '../writing/author.ts';
import { addCafe, type CafeOf, cafesWithRegistrations, removeCafes } from '../writing/write-cafe.ts';
import { type CafeChanged, changeCafe, type EditOptions } from './change-cafe.ts';
import { checkCapacity, checkFacts, checkTimes, instantOf, roomOfEvent } from './edited-cafe.ts';
import { type Impact, previewCafe } from './impact.ts';
import { fieldsOf, readCafe, readEvent, titleOf } from './stored.ts';
import { inChange, lockEvent } from './transaction.ts';

/** Adds, changes and deletes Cafés for organisers. Each change is one transaction with its entry in the audit log. */
export class CafeEditing {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * Changes a Café: all of the edit, or nothing.
   * @throws ProblemError the problems of `PATCH /cafes/{id}`; `version-changed` {version, current} where the version is another one
   */
  change(id: string, edit: CafeEdit, options: EditOptions): Promise<CafeChanged> {
    return inChange(this.#database, (transaction) => changeCafe(transaction, id, edit, options));
  }

  /**
   * What a change would do: see `previewCafe`.
   * @throws ProblemError the problems of `POST /cafes/{id}/impact`
   */
  preview(id: string, edit: CafeEdit, by: string): Promise<Impact> {
    return previewCafe(this.#database, id, edit, { by });
  }

  /**
   * Adds a Café at the end of the programme.
   * @throws ProblemError the problems of `POST /events/{slug}/cafes`
   */
  add(eventId: string, cafe: NewCafe, by: string): Promise<string> {
    return inChange(this.#database, async (transaction) => {
      const { code, roomId, ...rest } = cafe;
      await lockEvent(transaction, eventId);
      return insertCafe(transaction, eventId, { ...rest, roomId, code, what: 'cafe-created', by });
    });
  }

  /**
   * Copies a Café, as a draft.
   * @throws ProblemError the problems of `POST /cafes/{id}/duplicate`
   */
  duplicate(id: string, copy: CafeCopy, by: string): Promise<string> {
    return inChange(this.#database, async (transaction) => {
      const { document, event, room } = await readCafe(transaction, id, 'cafe');
      await lockEvent(transaction, event.id);
      const { code, roomId = room.id, startsAt = document.startsAt, endsAt = document.endsAt } = copy;
      const original = { ...document, code, roomId, startsAt, endsAt, state: 'draft' as const };
      return insertCafe(transaction, event.id, { ...original, what: 'cafe-duplicated', by });
    });
  }

  /**
   * Deletes a Café in which nobody ever registered.
   * @throws ProblemError `cafe-not-found`; `has-registrations` {taken, waitlisted}
   */
  remove(id: string, by: string): Promise<void> {
    return inChange(this.#database, async (transaction) => {
      const { document, event, taken, waitlisted } = await readCafe(transaction, id, 'event');
      const used = await cafesWithRegistrations(transaction, [id]);
      if (used.has(id)) throw new ProblemError('has-registrations', { taken, waitlisted });
      await removeCafes(transaction, [id]);
      await recordAuditEntry(transaction, {
        what: 'cafe-deleted',
        subject: { kind: 'cafe', id, label: titleOf(document, event) },
        actorId: by,
        eventId: event.id,
        before: fieldsOf(document),
      });
    });
  }

  /**
   * Puts the Cafés of an event in another order.
   * @throws ProblemError `order-incomplete` where the ids are not those of all its Cafés
   */
  reorder(eventId: string, ids: string[], by: string): Promise<void> {
    return inChange(this.#database, async (transaction) => {
      await lockEvent(transaction, eventId);
      const event = await readEvent(transaction, eventId);
      const cafes = await transaction.cafe.findMany({ where: { eventId }, select: { id: true, position: true } });
      const positions = new Map(cafes.map(({ id, position }) => [id, position]));
      if (new Set(ids).size !== cafes.length || !ids.every((id) => positions.has(id))) {
        throw new ProblemError('order-incomplete');
      }
      const moved = ids.flatMap((id, position) => (positions.get(id) === position ? [] : [{ id, position }]));
      if (moved.length === 0) return;
      for (const { id, position } of moved) await transaction.cafe.update({ where: { id }, data: { position } });
      await recordAuditEntry(transaction, {
        what: 'cafes-reordered',
        subject: { kind: 'event', id: eventId, label: event.slug },
        actorId: by,
        eventId,
        after: { ids: moved.map(({ id }) => id) },
      });
    });
  }
}

type Inserted = Omit<NewCafe, 'code' | 'state' | 'waitlistOpen'> & {
  code?: string;
  waitlistOpen?: boolean;
  state?: CafeOf['state'];
  what: AuditWhat;
  by: string;
};

/** Adds a Café to an event whose lock the caller has. Returns its id. */
async function insertCafe(
  transaction: Transaction,
  eventId: string,
  { what, by, roomId, code, ...facts }: Inserted,
): Promise<string> {
  const event = await readEvent(transaction, eventId);
  const cafes = await transaction.cafe.findMany({ where: { eventId }, select: { code: true, position: true } });
  if (cafes.length >= EVENT_CAFES_MAX) throw new ProblemError('limit-reached', { limit: EVENT_CAFES_MAX });
  const room = await roomOfEvent(transaction, eventId, roomId);
  const codes = new Set(cafes.map((each) => each.code));
  if (code !== undefined && codes.has(code)) throw new ProblemError('code-taken', { taken: code });
  const { waitlistOpen = true, state = 'draft' } = facts;
  const cafe: CafeOf = {
    ...(facts as Omit<CafeOf, 'code' | 'room'>),
    code: code ?? freeCode(codes),
    room: room.code,
    startsAt: instantOf(facts.startsAt),
    endsAt: instantOf(facts.endsAt),
    state,
    waitlistOpen,
  };
  checkTimes(cafe, event);
  checkCapacity(cafe.capacity, room);
  checkFacts(cafe, event);
  const position = Math.max(-1, ...cafes.map((each) => each.position)) + 1;
  const id = await addCafe(transaction, eventId, { cafe, roomId, position });
  await recordAuditEntry(transaction, {
    what,
    subject: { kind: 'cafe', id, label: titleOf(cafe, event) },
    actorId: by,
    eventId,
    after: fieldsOf(cafe),
  });
  return id;
}

/** The lowest number that no Café has as its code. */
function freeCode(codes: Set<string>): string {
  let number = 1;
  while (codes.has(String(number))) number++;
  return String(number);
}
