import { changedFields } from '#audit-log';
import type { CafeEdit, CafeImpact, FieldChange, Notice } from '#contract';
import type { Database } from '#platform';
import type { Transaction } from '../writing/author.ts';
import { changeCafe } from './change-cafe.ts';
import { editedCafe, isOutside, roomOfEvent } from './edited-cafe.ts';
import { fieldsOf, readCafe } from './stored.ts';
import { inPreview } from './transaction.ts';

/** A Café that starts within this time starts soon: people may be on their way. In milliseconds. */
const SOON_MS = 3 * 3_600_000;

/** What a change would do. The caller adds names, titles and the text of the mail. */
export type Impact = Omit<CafeImpact, 'clashes' | 'sample'> & {
  clashes: { registrationId: string; attendeeId: string; otherCafeId: string }[];
  /** The new room and time, which the mail shows. */
  place: { roomId: string; startsAt: string; endsAt: string };
};

/**
 * What a change of a Café would do: the change itself, rolled back (docs/adr/0044). What is not decided yet is done so that nobody loses
 * more than they must: who clashes keeps both seats, and the excess seats are counted.
 * @throws ProblemError for a change that would be refused whatever is decided
 */
export function previewCafe(
  database: Database,
  id: string,
  edit: CafeEdit,
  { by, move }: { by: string; move?: boolean },
): Promise<Impact> {
  return inPreview(database, async (transaction) => {
    const stored = await readCafe(transaction, id, 'seats');
    const { document: now, event, taken, waitlisted, version } = stored;
    const room = edit.roomId ? await roomOfEvent(transaction, event.id, edit.roomId) : stored.room;
    const cafe = editedCafe(stored, edit, room);
    const moves = cafe.room !== now.room || cafe.startsAt !== now.startsAt || cafe.endsAt !== now.endsAt;
    const clashes = moves ? await clashesOf(transaction, id, cafe) : [];
    const { since } = await startOf(transaction);
    const { expectTaken: _taken, expectWaitlisted: _waitlisted, ...rest } = edit;
    const { registrationIds } = await changeCafe(
      transaction,
      id,
      { ...rest, undoable: false, asTarget: true, clashes: edit.clashes ?? 'keep', excess: 'cancel' },
      { by, move },
    );
    const fields = changedFields(fieldsOf(now), fieldsOf(cafe));
    return {
      version,
      changes: fieldChanges(fields),
      notices: noticesOf({ cafe, moves, event, taken: taken + waitlisted }),
      taken,
      waitlisted,
      capacity: cafe.capacity,
      excess: cafe.state === 'cancelled' ? 0 : Math.max(0, taken - cafe.capacity),
      clashes,
      ...(await effectOf(transaction, registrationIds)),
      mails: await mailsOf(transaction, registrationIds, since),
      place: { roomId: room.id, startsAt: cafe.startsAt, endsAt: cafe.endsAt },
    };
  });
}

/** The values before and after, field by field. */
export function fieldChanges(
  fields: { before?: Record<string, unknown>; after?: Record<string, unknown> } | undefined,
): FieldChange[] {
  const { before = {}, after = {} } = fields ?? {};
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].map((field) => ({
    field,
    ...(before[field] != null && { from: before[field] }),
    ...(after[field] != null && { to: after[field] }),
  }));
}

function noticesOf({
  cafe,
  moves,
  event,
  taken,
}: {
  cafe: { startsAt: string; endsAt: string };
  moves: boolean;
  event: { startsAt: Date; endsAt: Date };
  taken: number;
}): Notice[] {
  const now = Date.now();
  const starts = Date.parse(cafe.startsAt);
  return [
    ...(moves && starts < now ? ['in-the-past' as const] : []),
    ...(moves && isOutside(cafe, event) ? ['outside-event' as const] : []),
    ...(taken > 0 && starts >= now && starts < now + SOON_MS ? ['starts-soon' as const] : []),
  ];
}

async function startOf(transaction: Transaction): Promise<{ since: string }> {
  const [start] = await transaction.$queryRaw<{ since: string }[]>`select uuidv7()::text as since`;
  return start as { since: string };
}

async function clashesOf(transaction: Transaction, id: string, cafe: { startsAt: string; endsAt: string }) {
  const found = await transaction.$queryRaw<{ registration_id: string; attendee_id: string; other_cafe_id: string }[]>`
    select * from seats_clashing(${id}::uuid, ${cafe.startsAt}::timestamptz, ${cafe.endsAt}::timestamptz)`;
  return found.map((row) => ({
    registrationId: row.registration_id,
    attendeeId: row.attendee_id,
    otherCafeId: row.other_cafe_id,
  }));
}

async function effectOf(transaction: Transaction, ids: string[]): Promise<{ ends: number; movesUp: number }> {
  const [effect] = await transaction.$queryRaw<{ ends: number; moves_up: number }[]>`
    select * from seats_effect_of(${ids}::uuid[])`;
  return { ends: effect?.ends ?? 0, movesUp: effect?.moves_up ?? 0 };
}

async function mailsOf(transaction: Transaction, ids: string[], since: string): Promise<CafeImpact['mails']> {
  const found = await transaction.$queryRaw<{ kind: CafeImpact['mails'][number]['kind']; messages: number }[]>`
    select * from outbox_counts_of(${ids}::uuid[], ${since}::uuid)`;
  return found.map(({ kind, messages }) => ({ kind, count: messages }));
}
