import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestApi, type TestApi } from '../../../../test/support/api.ts';
import { buildEvent, buildPeople } from '../../../../test/support/build.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api?.stop());

/** A Café with a confirmed attendee and an organiser, the ticket of that attendee, and a function for `POST /check-ins`. */
async function door() {
  const { pool } = api.database;
  const { eventId, cafeIds } = await buildEvent(pool, [{ seats: 5 }, { seats: 5, startsAfterMinutes: 120 }]);
  const [lea, organiser] = (await buildPeople(pool, 2)) as [string, string];
  await api.people.roles.grant(organiser, { role: 'organiser', eventId });
  const [cafeId, elsewhere] = cafeIds;
  const { id: registrationId } = await api.client(lea).call('POST /cafes/{id}/registrations', { id: cafeId, body: {} });
  const { ticket } = await api.client(lea).call('GET /registrations/{id}/ticket', { id: registrationId });
  const checkIn = (body: object, headers?: Record<string, string>, from = api) =>
    from.call('POST', '/check-ins', { as: organiser, body: { cafeId, ...body }, headers });
  const undo = () => api.client(organiser).call('DELETE /check-ins/{registrationId}', { registrationId });
  const events = async () =>
    (
      await pool.query('select kind, source, device, client_id from check_in where registration_id = $1 order by id', [
        registrationId,
      ])
    ).rows;
  return { cafeId, elsewhere, lea, organiser, registrationId, ticket, checkIn, undo, events };
}

describe('a check-in whose answer was lost', () => {
  it.each(['clientId', 'Idempotency-Key'])('gets its first answer again with the same %s', async (how) => {
    const { ticket, registrationId, checkIn, undo, events } = await door();
    const id = randomUUID();
    const send = (what: object, key = id) =>
      how === 'clientId' ? checkIn({ ...what, clientId: key }) : checkIn(what, { 'idempotency-key': key });
    const first = await send({ ticket });
    expect(first).toMatchObject({ status: 200, json: { result: 'checked-in', person: { registrationId } } });
    expect((await send({ ticket })).json).toEqual(first.json);
    expect((await send({ ticket }, randomUUID())).json.result).toBe('already-checked-in');
    await undo();
    expect((await send({ ticket })).json.result).toBe('checked-in');
    expect((await events()).map(({ kind }) => kind)).toEqual(['in', 'undone']);
  });

  it.each(['clientId', 'Idempotency-Key'])(
    'is recorded once when copies with the same %s arrive at the same time',
    async (how) => {
      const { registrationId, checkIn, events } = await door();
      const id = randomUUID();
      const copies = Array.from({ length: 5 }, () =>
        how === 'clientId'
          ? checkIn({ registrationId, clientId: id })
          : checkIn({ registrationId }, { 'idempotency-key': id }),
      );
      for (const { status, json } of await Promise.all(copies))
        expect([status, json.result]).toEqual([200, 'checked-in']);
      expect(await events()).toHaveLength(1);
    },
  );

  it('is recognised by its Idempotency-Key when the first answer is not stored', async () => {
    const { registrationId, checkIn, events } = await door();
    const headers = { 'idempotency-key': randomUUID() };
    await checkIn({ registrationId }, headers);
    await api.database.pool.query('delete from idempotency_key');
    expect((await checkIn({ registrationId }, headers)).json.result).toBe('checked-in');
    expect(await events()).toHaveLength(1);
  });

  it('gives a problem for another check-in with the same client id or key', async () => {
    const { lea, organiser, registrationId, checkIn, elsewhere } = await door();
    const id = randomUUID();
    const other = await api.client(lea).call('POST /cafes/{id}/registrations', { id: elsewhere, body: {} });
    for (const [members, headers] of [
      [{ clientId: id }, undefined],
      [{}, { 'idempotency-key': id }],
    ] as const) {
      await checkIn({ registrationId, ...members }, headers);
      const mixed = await api.call('POST', '/check-ins', {
        as: organiser,
        body: { registrationId: other.id, cafeId: elsewhere, ...members },
        ...(headers && { headers }),
      });
      expect([mixed.status, mixed.json.code]).toEqual([422, 'idempotency-mismatch']);
    }
  });

  it('of a walk-in is recognised by its Idempotency-Key when the first answer is not stored', async () => {
    const { organiser, cafeId } = await door();
    const send = () =>
      api.call('POST', `/cafes/${cafeId}/walk-ins`, {
        as: organiser,
        body: { name: 'Ada', email: 'ada-at-the-door@example.org' },
        headers: { 'idempotency-key': 'the-same' },
      });
    const first = await send();
    expect(first.json.result).toBe('checked-in');
    await api.database.pool.query('delete from idempotency_key');
    const again = await send();
    expect([again.json.result, again.json.registration.id]).toEqual(['checked-in', first.json.registration.id]);
  });
});

describe('the record of a check-in', () => {
  it('has the source, the device and the client id', async () => {
    const { ticket, registrationId, checkIn, undo, events } = await door();
    const clientId = randomUUID();
    await checkIn({ ticket, clientId, device: 'Porte 2' });
    await undo();
    await checkIn({ registrationId });
    await undo();
    await checkIn({ registrationId, source: 'scan', scannedAt: new Date().toISOString() });
    const nothing = { device: null, client_id: null };
    expect(await events()).toEqual([
      { kind: 'in', source: 'scan', device: 'Porte 2', client_id: clientId },
      { kind: 'undone', source: 'list', ...nothing },
      { kind: 'in', source: 'list', ...nothing },
      { kind: 'undone', source: 'list', ...nothing },
      { kind: 'in', source: 'scan', ...nothing },
    ]);
  });

  it('of a ticket has the day of the scan if the device sends `scannedAt`', async () => {
    const { cafeId, ticket, checkIn } = await door();
    await api.database.pool.query(
      `update cafe set starts_at = date_trunc('minute', now()) - interval '2 days',
         ends_at = date_trunc('minute', now()) - interval '2 days' + interval '1 hour' where id = $1`,
      [cafeId],
    );
    const then = new Date(Date.now() - 48 * 3_600_000).toISOString();
    expect((await checkIn({ ticket, todayOnly: true })).json.result).toBe('other-day');
    expect((await checkIn({ ticket, todayOnly: true, scannedAt: then })).json.result).toBe('checked-in');
  });

  it.each([
    [{ clientId: 'one' }, 'clientId'],
    [{ scannedAt: 'yesterday' }, 'scannedAt'],
    [{ device: 'two\nlines' }, 'device'],
    [{ source: 'walk-in' }, 'Invalid input'],
  ])('is refused with the invalid member %j', async (members, path) => {
    const { registrationId, checkIn, events } = await door();
    const { status, json } = await checkIn({ registrationId, ...members });
    expect([status, json.code, JSON.stringify(json.errors)]).toEqual([
      400,
      'invalid-request',
      expect.stringContaining(path),
    ]);
    expect(await events()).toEqual([]);
  });
});
