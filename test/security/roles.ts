import type { Role } from '#contract';
import type { Database } from '#platform';
import { buildEvent, buildPeople } from '../support/build.ts';
import type { Identity } from '../support/identity.ts';

/** The callers, as seen from one Café, its event and one registration in it. */
export const roles = [
  'visitor', // without a session
  'attendee', // whose registration it is
  'other attendee',
  'host',
  'host of another room',
  'organiser',
  'organiser of another event',
  'revoked organiser',
] as const;
export type RoleName = (typeof roles)[number];

/** An event with two Cafés in two rooms, and a person with a seat in the first. */
export interface Scene {
  eventId: string;
  slug: string;
  cafeId: string;
  /** At another time, in another room. */
  otherCafeId: string;
  roomId: string;
  ownerId: string;
  /** An event of other people. */
  otherEventId: string;
  /** The caller in each role: the id of an attendee, or undefined for a caller without a session. */
  actor(role: RoleName): Promise<string | undefined>;
}

export async function buildScene(database: Database, people: Identity): Promise<Scene> {
  const { pool } = database;
  const event = await buildEvent(pool, [{ seats: 5 }, { seats: 5, room: 1, startsAfterMinutes: 120 }]);
  const other = await buildEvent(pool, [{ seats: 5 }]);
  const { rows } = await pool.query<{ slug: string }>('select slug from event where id = $1', [event.eventId]);
  const [ownerId = ''] = await buildPeople(pool, 1);
  const { eventId, roomIds } = event;
  const [roomId = '', otherRoomId = ''] = roomIds;
  const granted: Partial<Record<RoleName, Role>> = {
    host: { role: 'host', eventId, roomId },
    'host of another room': { role: 'host', eventId, roomId: otherRoomId },
    organiser: { role: 'organiser', eventId },
    'organiser of another event': { role: 'organiser', eventId: other.eventId },
    'revoked organiser': { role: 'organiser', eventId },
  };
  return {
    eventId,
    slug: rows[0]?.slug ?? '',
    cafeId: event.cafeIds[0] ?? '',
    otherCafeId: event.cafeIds[1] ?? '',
    roomId,
    ownerId,
    otherEventId: other.eventId,
    async actor(role) {
      if (role === 'visitor') return undefined;
      if (role === 'attendee') return ownerId;
      const [id = ''] = await buildPeople(pool, 1);
      const given = granted[role];
      if (given) await people.roles.grant(id, given);
      if (given && role === 'revoked organiser') await people.roles.revoke(id, given);
      return id;
    },
  };
}
