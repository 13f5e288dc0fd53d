import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Attendance } from '#contract';
import { startTestApi, type TestApi } from '../../../../test/support/api.ts';
import { buildEvent, buildPeople } from '../../../../test/support/build.ts';
import { openOutboxBatches } from '../../../../test/support/outbox.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api?.stop());

/** Makes a Café with this number of seats and an organiser, and returns the calls of its door. */
async function door(seats: number) {
  const { pool } = api.database;
  const { eventId, cafeIds, roomIds } = await buildEvent(pool, [{ seats }]);
  const [organiser = ''] = await buildPeople(pool, 1);
  await api.people.roles.grant(organiser, { role: 'organiser', eventId });
  const [cafeId] = cafeIds;
  const client = api.client(organiser);
  return {
    cafeId,
    roomId: roomIds[0],
    organiser,
    walkIn: (body: object, key?: string) =>
      api.call('POST', `/cafes/${cafeId}/walk-ins`, {
        as: organiser,
        body,
        ...(key && { headers: { 'idempotency-key': key } }),
      }),
    undo: (registrationId: string) => client.call('DELETE /check-ins/{registrationId}', { registrationId }),
    attendance: (): Promise<Attendance> => client.call('GET /cafes/{id}/attendance', { id: cafeId }),
    client,
  };
}

describe('a walk-in without an address', () => {
  it('is seated, checked in and listed by name; two walk-ins with the same name are two people', async () => {
    const { walkIn, attendance } = await door(3);
    const [first, second] = [await walkIn({ name: 'Awa Diallo' }), await walkIn({ name: 'Awa Diallo' })];
    for (const { status, json } of [first, second])
      expect([status, json.result, json.person.name]).toEqual([200, 'checked-in', 'Awa Diallo']);
    expect(first.json.registration.attendeeId).not.toBe(second.json.registration.attendeeId);
    await walkIn({ name: 'Léa', email: 'lea-without@example.org', organisation: 'Ville de Lyon' });
    const { people, expected, present } = await attendance();
    expect([expected, present]).toEqual([3, 3]);
    expect(people.map(({ name, noAddress }) => [name, noAddress])).toEqual([
      ['Awa Diallo', true],
      ['Awa Diallo', true],
      ['Léa', undefined],
    ]);
  });

  it('is created once when the same request arrives several times, at the same moment or after the answer was lost', async () => {
    const { walkIn, attendance } = await door(9);
    const key = randomUUID();
    const copies = await Promise.all(Array.from({ length: 5 }, () => walkIn({ name: 'Noé' }, key)));
    await api.database.pool.query('delete from idempotency_key');
    copies.push(await walkIn({ name: 'Noé' }, key));
    expect(new Set(copies.map(({ json }) => json.registration.id)).size).toBe(1);
    expect((await attendance()).people).toHaveLength(1);
  });

  it('gets no message when the Café changes', async () => {
    const { cafeId, walkIn, client, organiser } = await door(2);
    const { json } = await walkIn({ name: 'Moussa' });
    const { attendeeId } = json.registration;
    const samir = (await walkIn({ name: 'Samir', email: 'samir-with@example.org' })).json.registration;
    const { startsAt, endsAt, version } = await client.call('GET /cafes/{id}', { id: cafeId });
    const later = (instant: string) => new Date(Date.parse(instant) + 3_600_000).toISOString();
    const place = { startsAt: later(startsAt), endsAt: later(endsAt) };
    const moved = await api.call('POST', `/cafes/${cafeId}/move`, {
      as: organiser,
      body: place,
      headers: { 'if-match': `"${version}"` },
    });
    expect(moved.status).toBe(200);
    const cancelled = await api.call('PATCH', `/cafes/${cafeId}`, { as: organiser, body: { state: 'cancelled' } });
    expect(cancelled.status).toBe(200);
    await openOutboxBatches(api.database.pool);
    const kindsTo = async (id: string) =>
      (await api.database.pool.query('select kind from outbox where attendee_id = $1 order by id', [id])).rows.map(
        ({ kind }) => kind,
      );
    expect(await kindsTo(samir.attendeeId)).toEqual(['cafe-moved', 'cancelled-by-organiser']);
    expect(await kindsTo(attendeeId)).toEqual([]);
  });

  it('loses the seat when the check-in is undone, and another person can take it; a walk-in with an address keeps the seat', async () => {
    const { walkIn, undo, attendance } = await door(1);
    const first = (await walkIn({ name: 'Awa Dialo' })).json.registration.id;
    expect((await walkIn({ name: 'Awa Diallo' })).json.code).toBe('cafe-full');
    expect((await undo(first)).status).toBe('cancelled');
    expect((await undo(first)).status).toBe('cancelled');
    const lea = await walkIn({ name: 'Léa', email: 'lea-stays@example.org' });
    expect(lea.json.result).toBe('checked-in');
    expect((await undo(lea.json.registration.id)).status).toBe('confirmed');
    expect((await attendance()).people.map(({ name }) => name)).toEqual(['Léa']);
  });

  it('is refused when the address is not valid or the name is missing', async () => {
    const { walkIn } = await door(1);
    for (const [body, path] of [
      [{ name: 'Awa', email: '' }, 'email'],
      [{ name: ' ' }, 'name'],
      [{ email: 'awa@example.org' }, 'name'],
    ] as const) {
      const { status, json } = await walkIn(body);
      expect([status, json.errors[0].path]).toEqual([400, path]);
    }
  });
});
