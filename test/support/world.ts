import type pg from 'pg';
import { buildEvent, buildPeople, buildStrangers } from './build.ts';
import { BEGINNING, world } from './histories.ts';

/** Inserts the small world of the histories into a database. Returns its ids in the order of their indexes. */
export async function buildWorld(
  client: pg.Client | pg.Pool,
): Promise<{ eventId: string; cafeIds: string[]; roomIds: string[]; people: string[] }> {
  const event = await buildEvent(
    client,
    world.cafes.map(({ room, minutes, capacity }) => ({ seats: capacity, minutes, room })),
  );
  for (const [place, cafe] of world.cafes.entries()) {
    await client.query(
      `update cafe set starts_at = $2::timestamptz + make_interval(mins => $3),
         ends_at = $2::timestamptz + make_interval(mins => $3 + $4) where id = $1`,
      [event.cafeIds[place], BEGINNING, cafe.startsAt, cafe.minutes],
    );
  }
  for (const [place, capacity] of world.rooms.entries()) {
    await client.query('update room set capacity = $2 where id = $1', [event.roomIds[place], capacity]);
  }
  const people: string[] = [];
  for (const { proved, email } of world.people) {
    const [attendeeId = ''] = await buildPeople(client, 1, { proved });
    await client.query('update attendee set email = $2 where id = $1', [attendeeId, email]);
    people.push(attendeeId);
  }
  people.push(...(await buildStrangers(client, world.strangers.length)));
  return { ...event, people };
}
