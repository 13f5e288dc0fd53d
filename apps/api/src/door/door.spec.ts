import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestApi, type TestApi } from '../../../../test/support/api.ts';
import { buildEvent, buildPeople } from '../../../../test/support/build.ts';

/** The members of a check-in that identify the registration. */
type Shown = { ticket: string; todayOnly?: boolean } | { registrationId: string };

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api?.stop());

describe('the door', () => {
  it('checks an attendee in, counts the check-in, and undoes it, only for hosts and organisers', async () => {
    const { cafeIds, eventId, roomIds } = await buildEvent(api.database.pool, [{ seats: 2 }, { seats: 2, room: 1 }]);
    const [lea, host, organiser, stranger] = (await buildPeople(api.database.pool, 4)) as [
      string,
      string,
      string,
      string,
    ];
    await api.people.roles.grant(host, { role: 'host', eventId, roomId: roomIds[0] as string });
    await api.people.roles.grant(organiser, { role: 'organiser', eventId });
    const { json: seat } = await api.ask('POST /cafes/{id}/registrations', { as: lea, id: cafeIds[0], body: {} });
    const _attendance = `/cafes/${cafeIds[0]}/attendance`;
    expect((await api.ask('GET /cafes/{id}/attendance', { id: cafeIds[0] })).status).toBe(401);
    expect((await api.ask('GET /cafes/{id}/attendance', { as: stranger, id: cafeIds[0] })).json.code).toBe(
      'not-allowed',
    );
    expect((await api.ask('GET /cafes/{id}/attendance', { as: host, id: cafeIds[1] })).json.code).toBe('not-allowed');
    expect((await api.ask('GET /cafes/{id}/attendance', { as: host, id: cafeIds[0] })).json).toMatchObject({
      expected: 1,
      present: 0,
    });
    const body = { registrationId: seat.id, cafeId: cafeIds[0] };
    expect((await api.ask('POST /check-ins', { as: lea, body })).status).toBe(403);
    expect((await api.ask('POST /check-ins', { as: host, body })).json).toMatchObject({
      result: 'checked-in',
      registration: { id: seat.id, checkedInAt: expect.any(String) },
    });
    expect((await api.ask('POST /check-ins', { as: host, body })).json.result).toBe('already-checked-in');
    const elsewhere = { registrationId: seat.id, cafeId: cafeIds[1] };
    expect((await api.ask('POST /check-ins', { as: organiser, body: elsewhere })).json.result).toBe('wrong-cafe');
    const forged = await api.ask('POST /check-ins', { as: host, body: { ticket: 'AAAA', cafeId: cafeIds[0] } });
    expect(forged).toMatchObject({ status: 422, json: { code: 'ticket-invalid' } });
    expect((await api.ask('GET /cafes/{id}/attendance', { as: organiser, id: cafeIds[0] })).json).toMatchObject({
      present: 1,
    });
    expect(
      (await api.ask('DELETE /check-ins/{registrationId}', { as: stranger, registrationId: seat.id })).status,
    ).toBe(404);
    expect(
      (await api.ask('DELETE /check-ins/{registrationId}', { as: host, registrationId: seat.id })).json.checkedInAt,
    ).toBeUndefined();
    expect((await api.ask('GET /cafes/{id}/attendance', { as: host, id: cafeIds[0] })).json).toMatchObject({
      present: 0,
    });
  });

  it('rejects a ticket of another event, a ticket of an erased attendee, and any other text', async () => {
    const here = await buildEvent(api.database.pool, [{ seats: 2 }]);
    const elsewhere = await buildEvent(api.database.pool, [{ seats: 2 }]);
    const [lea, gone, organiser] = (await buildPeople(api.database.pool, 3)) as [string, string, string];
    await api.people.roles.grant(organiser, { role: 'organiser', eventId: here.eventId });
    const ticketOf = async (as: string, cafeId: string | undefined) => {
      const { json } = await api.ask('POST /cafes/{id}/registrations', { as, id: cafeId, body: {} });
      return (await api.ask('GET /registrations/{id}/ticket', { as, id: json.id })).json.ticket as string;
    };
    const foreign = await ticketOf(lea, elsewhere.cafeIds[0]);
    const erased = await ticketOf(gone, here.cafeIds[0]);
    expect((await api.ask('DELETE /me', { as: gone })).status).toBe(204);
    for (const ticket of [foreign, erased, 'a'.repeat(600)]) {
      const body = { ticket, cafeId: here.cafeIds[0] };
      const answer = await api.ask('POST /check-ins', { as: organiser, body });
      expect([answer.status, answer.json.code]).toEqual([422, 'ticket-invalid']);
    }
  });

  it('records no scan with todayOnly on another day than the day of the Café, and records all other check-ins', async () => {
    const { cafeIds, eventId } = await buildEvent(api.database.pool, [{ seats: 2 }]);
    const [lea, organiser] = (await buildPeople(api.database.pool, 2)) as [string, string];
    await api.people.roles.grant(organiser, { role: 'organiser', eventId });
    const [cafeId = ''] = cafeIds;
    const { json: seat } = await api.ask('POST /cafes/{id}/registrations', { as: lea, id: cafeId, body: {} });
    const { ticket } = (await api.ask('GET /registrations/{id}/ticket', { as: lea, id: seat.id })).json;
    const present = async () =>
      (await api.ask('GET /cafes/{id}/attendance', { as: organiser, id: cafeId })).json.present as number;
    const checkIn = async (shown: Shown) =>
      (await api.ask('POST /check-ins', { as: organiser, body: { ...shown, cafeId } })).json;
    const moveTo = (interval: string) =>
      api.database.pool.query(
        `update cafe set starts_at = date_trunc('minute', now()) + $2::interval,
           ends_at = date_trunc('minute', now()) + $2::interval + interval '1 hour' where id = $1`,
        [cafeId, interval],
      );
    await moveTo('2 days');
    const name = (await api.people.attendees.findById(lea))?.name;
    expect(await checkIn({ ticket, todayOnly: true })).toMatchObject({ result: 'other-day', person: { name } });
    expect(await present()).toBe(0);
    for (const shown of [{ registrationId: seat.id }, { ticket }]) {
      expect((await checkIn(shown)).result).toBe('checked-in');
      expect((await checkIn({ ticket, todayOnly: true })).result).toBe('already-checked-in');
      await api.ask('DELETE /check-ins/{registrationId}', { as: organiser, registrationId: seat.id });
    }
    await moveTo('-10 minutes');
    expect((await checkIn({ ticket, todayOnly: true })).result).toBe('checked-in');
    expect(await present()).toBe(1);
  });

  it('shows the name of an attendee of another room to a host only if the host scanned the ticket', async () => {
    const { cafeIds, eventId, roomIds } = await buildEvent(api.database.pool, [{ seats: 2 }, { seats: 2, room: 1 }]);
    const [lea, host, organiser] = (await buildPeople(api.database.pool, 3)) as [string, string, string];
    await api.people.roles.grant(host, { role: 'host', eventId, roomId: roomIds[0] as string });
    await api.people.roles.grant(organiser, { role: 'organiser', eventId });
    const { json: seat } = await api.ask('POST /cafes/{id}/registrations', { as: lea, id: cafeIds[1], body: {} });
    const { ticket } = (await api.ask('GET /registrations/{id}/ticket', { as: lea, id: seat.id })).json;
    const checkIn = async (as: string, shown: Shown) =>
      (await api.ask('POST /check-ins', { as, body: { ...shown, cafeId: cafeIds[0] } })).json;
    const byId = await checkIn(host, { registrationId: seat.id });
    expect([byId.result, byId.person]).toEqual(['wrong-cafe', undefined]);
    const name = (await api.people.attendees.findById(lea))?.name;
    expect(await checkIn(host, { ticket })).toMatchObject({ result: 'wrong-cafe', person: { name } });
    expect(await checkIn(organiser, { registrationId: seat.id })).toMatchObject({ person: { name } });
  });
});
