import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestApi, type TestApi } from '../../../../test/support/api.ts';
import { buildEvent, buildPeople } from '../../../../test/support/build.ts';
import { openOutboxBatches } from '../../../../test/support/outbox.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api?.stop());

async function outbox(attendeeId: string): Promise<string[]> {
  await openOutboxBatches(api.database.pool);
  const found = await api.database.pool.query('select kind from outbox where attendee_id = $1 order by id', [
    attendeeId,
  ]);
  return found.rows.map(({ kind }) => kind);
}

describe('an organiser', () => {
  it('cannot preview or make a move to a duration of more than a day', async () => {
    const { cafeIds, eventId } = await buildEvent(api.database.pool, [{ seats: 1 }]);
    const [organiser] = (await buildPeople(api.database.pool, 1)) as [string];
    await api.people.roles.grant(organiser, { role: 'organiser', eventId });
    const { startsAt } = (await api.ask('GET /cafes/{id}', { id: cafeIds[0] })).json;
    const after = (minutes: number) => new Date(Date.parse(startsAt) + minutes * 60_000).toISOString();
    const answerTo = async (call: string, minutes: number) => {
      const body = { endsAt: after(minutes) };
      const answer = await api.call('POST', `/cafes/${cafeIds[0]}/${call}`, { as: organiser, body });
      return [answer.status, answer.json.code];
    };
    for (const call of ['move-preview', 'move']) {
      expect(await answerTo(call, 24 * 60 + 1)).toEqual([422, 'ends-before-start']);
      expect(await answerTo(call, 24 * 60)).toEqual([200, call === 'move' ? expect.any(String) : undefined]);
    }
  });

  it('changes a Café, but not to a capacity below the seats taken', async () => {
    const { cafeIds, eventId } = await buildEvent(api.database.pool, [{ seats: 1 }]);
    const [lea, samir, organiser] = (await buildPeople(api.database.pool, 3)) as [string, string, string];
    await api.people.roles.grant(organiser, { role: 'organiser', eventId });
    for (const as of [lea, samir]) await api.ask('POST /cafes/{id}/registrations', { as, id: cafeIds[0], body: {} });
    expect((await api.ask('PATCH /cafes/{id}', { as: lea, id: cafeIds[0], body: { capacity: 2 } })).status).toBe(403);
    expect(
      (await api.ask('PATCH /cafes/{id}', { as: organiser, id: cafeIds[0], body: { capacity: 0 } })).json,
    ).toMatchObject({
      code: 'capacity-below-taken',
      capacity: 0,
      taken: 1,
    });
    const raised = await api.ask('PATCH /cafes/{id}', {
      as: organiser,
      id: cafeIds[0],
      body: { capacity: 2, state: 'closed' },
    });
    expect(raised.json).toMatchObject({ capacity: 2, state: 'closed', seats: { taken: 2, waitlisted: 0 } });
    const { changeId, ...shown } = raised.json;
    expect(changeId).toEqual(expect.any(String));
    expect((await api.ask('GET /cafes/{id}', { id: cafeIds[0] })).json).toEqual(shown);
  });

  it('closes a waitlist immediately if the change is not undoable', async () => {
    const { cafeIds, eventId } = await buildEvent(api.database.pool, [{ seats: 1 }]);
    const [lea, samir, organiser] = (await buildPeople(api.database.pool, 3)) as [string, string, string];
    await api.people.roles.grant(organiser, { role: 'organiser', eventId });
    for (const as of [lea, samir]) await api.ask('POST /cafes/{id}/registrations', { as, id: cafeIds[0], body: {} });
    const closed = await api.ask('PATCH /cafes/{id}', { as: organiser, id: cafeIds[0], body: { waitlistOpen: false } });
    expect(closed).toMatchObject({ status: 200, json: { waitlistOpen: false, seats: { taken: 1, waitlisted: 0 } } });
    expect(closed.json).not.toHaveProperty('closing');
    expect(await outbox(samir)).toEqual(['waitlisted', 'line-closed']);
  });

  it('sees the mail counts of their own event only', async () => {
    const { pool } = api.database;
    const own = await buildEvent(pool, [{ seats: 5 }]);
    const other = await buildEvent(pool, [{ seats: 5 }]);
    const [organiser, lea, samir, ada, noe] = await buildPeople(pool, 5);
    await api.people.roles.grant(organiser, { role: 'organiser', eventId: own.eventId });
    const claim = (as: string, { cafeIds }: { cafeIds: string[] }) =>
      api.ask('POST /cafes/{id}/registrations', { as, id: cafeIds[0], body: {} });
    const mail = async () =>
      (await api.ask('GET /events/{id}/dashboard', { as: organiser, id: own.eventId })).json.mail;
    await claim(lea, own);
    for (const as of [lea, samir, ada]) await claim(as, other);
    expect(await mail()).toEqual({ sent: 0, waiting: 1, failed: 0 });
    await openOutboxBatches(pool);
    const mine = await claim(noe, own);
    await api.ask('DELETE /registrations/{id}', { as: noe, id: mine.json.id });
    expect(await mail()).toEqual({ sent: 0, waiting: 3, failed: 0 });
    expect((await api.ask('GET /events/{id}/dashboard', { as: organiser, id: other.eventId })).status).toBe(403);
  });

  it('reads the dashboard of the event', async () => {
    const { cafeIds, eventId, roomIds } = await buildEvent(api.database.pool, [
      { seats: 2 },
      { seats: 3, state: 'draft' },
    ]);
    const [lea, organiser] = (await buildPeople(api.database.pool, 2)) as [string, string];
    await api.people.roles.grant(organiser, { role: 'organiser', eventId });
    await api.ask('POST /cafes/{id}/registrations', { as: lea, id: cafeIds[0], body: {} });
    const read = async () => (await api.ask('GET /events/{id}/dashboard', { as: organiser, id: eventId })).json;
    const [first, second] = [await read(), await read()];
    expect(first).toMatchObject({
      eventId,
      rooms: [{ roomId: roomIds[0] }],
      cafes: [
        { cafeId: cafeIds[0], state: 'open', seats: { taken: 1, free: 1 } },
        { cafeId: cafeIds[1], state: 'draft' },
      ],
      totals: { capacity: 2, taken: 1, people: 1 },
      registrationsOverTime: [{ count: 1 }],
    });
    expect(second.version).toBeGreaterThan(first.version);
    expect((await api.ask('GET /events/{id}/dashboard', { as: organiser, id: lea })).json.code).toBe('event-not-found');
  });

  it('cannot open a cancelled Café', async () => {
    const { cafeIds, eventId } = await buildEvent(api.database.pool, [{ seats: 1 }]);
    const [organiser] = (await buildPeople(api.database.pool, 1)) as [string];
    await api.people.roles.grant(organiser, { role: 'organiser', eventId });
    const change = (state: string) =>
      api.call('PATCH', `/cafes/${cafeIds[0]}`, {
        as: organiser,
        body: { state },
        headers: { 'accept-language': 'en' },
      });
    expect(await change('cancelled')).toMatchObject({ status: 200, json: { state: 'cancelled' } });
    expect(await change('open')).toMatchObject({ status: 409, json: { title: 'This Café is cancelled' } });
    expect((await api.ask('GET /cafes/{id}', { id: cafeIds[0] })).json.state).toBe('cancelled');
  });

  it('closes a waitlist with an undoable change, and undoes it', async () => {
    const { cafeIds, eventId } = await buildEvent(api.database.pool, [{ seats: 1 }]);
    const [lea, samir, organiser] = (await buildPeople(api.database.pool, 3)) as [string, string, string];
    await api.people.roles.grant(organiser, { role: 'organiser', eventId });
    for (const as of [lea, samir]) await api.ask('POST /cafes/{id}/registrations', { as, id: cafeIds[0], body: {} });
    const close = (expectWaitlisted: number) =>
      api.ask('PATCH /cafes/{id}', {
        as: organiser,
        id: cafeIds[0],
        body: { waitlistOpen: false, undoable: true, expectWaitlisted },
      });
    expect(await close(0)).toMatchObject({ status: 409, json: { code: 'counts-changed', taken: 1, waitlisted: 1 } });
    const { json: closed } = await close(1);
    expect(closed).toMatchObject({
      waitlistOpen: false,
      seats: { waitlisted: 1 },
      closing: { id: expect.any(String) },
    });
    expect((await api.ask('GET /cafes/{id}', { id: cafeIds[0] })).json).not.toHaveProperty('closing');
    const undo = (as: string) =>
      api.ask('DELETE /cafes/{id}/closings/{closingId}', { as, id: cafeIds[0], closingId: closed.closing?.id });
    expect((await undo(lea)).status).toBe(403);
    const undone = await undo(organiser);
    expect(undone).toMatchObject({ status: 200, json: { waitlistOpen: true, seats: { waitlisted: 1 } } });
    expect(undone.json).not.toHaveProperty('closing');
    expect(await undo(organiser)).toMatchObject({ status: 409, json: { code: 'undo-over' } });
    const nothing = { expectTaken: 1, undoable: true };
    expect((await api.ask('PATCH /cafes/{id}', { as: organiser, id: cafeIds[0], body: nothing })).status).toBe(400);
  });
});
