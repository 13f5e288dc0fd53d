import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestApi, type TestApi } from '../../../test/support/api.ts';
import { buildEvent, buildPeople } from '../../../test/support/build.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api?.stop());

const people = async () => (await buildPeople(api.database.pool, 4)) as [string, string, string, string];
const take = (cafeId: string | undefined, as: string) =>
  api.ask('POST /cafes/{id}/registrations', { as, id: cafeId, body: {} });

describe('swapping', () => {
  it('changes to another Café; if it is refused, it has the reason and changes nothing', async () => {
    const { cafeIds } = await buildEvent(api.database.pool, [{ seats: 2 }, { seats: 1 }, { seats: 0 }]);
    const [from, to, full] = cafeIds;
    const [ada] = await people();
    const { json: seat } = await take(from, ada);
    const refusals = [full, from, seat.id].map(async (cafeId) => {
      const { status, json } = await api.ask('POST /registrations/{id}/swap', {
        as: ada,
        id: seat.id,
        body: { cafeId },
      });
      return [status, json.code];
    });
    expect(await Promise.all(refusals)).toEqual([
      [409, 'cafe-full'],
      [409, 'same-cafe'],
      [404, 'cafe-not-found'],
    ]);
    expect((await api.ask('GET /me/registrations', { as: ada })).json).toEqual([seat]);
    const swapped = await api.ask('POST /registrations/{id}/swap', { as: ada, id: seat.id, body: { cafeId: to } });
    expect(swapped).toMatchObject({ status: 200, json: { cafeId: to, status: 'confirmed' } });
    expect(
      (await api.ask('POST /registrations/{id}/swap', { as: ada, id: seat.id, body: { cafeId: to } })).json.code,
    ).toBe('registration-over');
    expect((await api.ask('GET /cafes/{id}', { id: from })).json.seats).toMatchObject({ taken: 0, free: 2 });
  });
});

describe('a call that is sent twice with one Idempotency-Key', () => {
  it('swaps once, and returns the same answer again', async () => {
    const { cafeIds } = await buildEvent(api.database.pool, [{ seats: 2 }, { seats: 2 }, { seats: 2 }]);
    const [from, to, other] = cafeIds;
    const [ada, grace] = await people();
    const { json: seat } = await take(from, ada);
    const swap = (cafeId: string, as: string) =>
      api.ask('POST /registrations/{id}/swap', { as, id: seat.id, body: { cafeId }, idempotencyKey: 'swap-1' });
    const first = await swap(to, ada);
    expect(await swap(to, ada)).toMatchObject({ status: 200, json: first.json });
    expect((await swap(other, ada)).json.code).toBe('idempotency-mismatch');
    expect((await swap(to, grace)).json.code).toBe('registration-not-found');
  });

  it('takes the seats of a delegation once', async () => {
    const { cafeIds } = await buildEvent(api.database.pool, [{ seats: 9 }]);
    const [ada] = await people();
    const body = { mode: 'all' as const, people: [{ name: 'Zoé', email: `zoe-${ada}@example.org` }] };
    const delegate = () =>
      api.ask('POST /cafes/{id}/delegations', { as: ada, id: cafeIds[0], body, idempotencyKey: 'd1' });
    const first = await delegate();
    expect(first.json.people[0]?.outcome).toBe('created');
    expect(await delegate()).toMatchObject({ status: 200, json: first.json });
  });
});

describe('an offer', () => {
  it('is accepted or declined by its attendee only, and once', async () => {
    const { cafeIds } = await buildEvent(api.database.pool, [{ seats: 1 }, { seats: 2 }]);
    const [wanted, held] = cafeIds;
    const [ada, grace, last] = await people();
    const { json: first } = await take(wanted, ada);
    await take(wanted, grace);
    await take(wanted, last);
    await take(held, grace);
    await api.ask('DELETE /registrations/{id}', { as: ada, id: first.id });
    const mine = (await api.ask('GET /me/registrations', { as: grace })).json;
    const offer = mine.find(({ status }) => status === 'offered');
    expect(offer).toMatchObject({ cafeId: wanted, overlapping: true, expiresAt: expect.any(String) });
    const answer = (how: string, as: string) => api.call('POST', `/registrations/${offer?.id}/${how}`, { as });
    expect((await answer('accept', ada)).json.code).toBe('registration-not-found');
    expect(await answer('accept', grace)).toMatchObject({ status: 200, json: { status: 'confirmed' } });
    expect((await answer('accept', grace)).json.code).toBe('offer-accepted');
    expect((await answer('decline', grace)).json.code).toBe('offer-accepted');
    const receipt = await api.ask('GET /registrations/{id}/receipt', { as: grace, id: offer?.id });
    expect(receipt.json.events.map(({ what, cause }) => `${what} ${cause}`)).toEqual([
      'waitlisted claim',
      'offered line',
      'confirmed swap',
    ]);
    expect((await api.ask('GET /registrations/{id}/receipt', { as: ada, id: offer?.id })).status).toBe(404);
  });
});

describe('a delegation', () => {
  it('takes seats for several people, each address once', async () => {
    const { cafeIds } = await buildEvent(api.database.pool, [{ seats: 2 }]);
    const [delegate] = await people();
    const named = ['a', 'b', 'c'].map((name) => ({ name, email: `${name}-${delegate}@example.org` }));
    expect(
      (
        await api.ask('POST /cafes/{id}/delegations', {
          id: cafeIds[0],
          body: { mode: 'each' as const, people: named },
        })
      ).status,
    ).toBe(401);
    const twice = await api.ask('POST /cafes/{id}/delegations', {
      as: delegate,
      id: cafeIds[0],
      body: { mode: 'all' as const, people: [...named.slice(0, 1), ...named.slice(0, 1)] },
    });
    expect([twice.status, twice.json.errors?.[0]?.path]).toEqual([400, 'people']);
    const some = await api.ask('POST /cafes/{id}/delegations', {
      as: delegate,
      id: cafeIds[0],
      body: { mode: 'each' as const, people: named },
    });
    // None of them has a proved address: their share is one of two seats.
    expect(some.json.people.map((each) => each.registration?.status)).toEqual(['held', 'waitlisted', 'waitlisted']);
    const again = await api.ask('POST /cafes/{id}/delegations', {
      as: delegate,
      id: cafeIds[0],
      body: { mode: 'each' as const, people: named },
    });
    expect(again.json.people.map(({ outcome }: { outcome: string }) => outcome)).toEqual(Array(3).fill('existing'));
    const nowhere = await api.ask('POST /cafes/{id}/delegations', {
      as: delegate,
      id: delegate,
      body: { mode: 'all' as const, people: named },
    });
    expect(nowhere).toMatchObject({ status: 404, json: { code: 'cafe-not-found' } });
  });

  it('is refused to an erased attendee who still has a session, and creates no attendee', async () => {
    const { cafeIds } = await buildEvent(api.database.pool, [{ seats: 2 }]);
    const [delegate] = await people();
    expect((await api.ask('DELETE /me', { as: delegate })).status).toBe(204);
    const email = `zoe-${delegate}@example.org`;
    const body = { mode: 'each' as const, people: [{ name: 'Zoé', email }] };
    const refused = await api.ask('POST /cafes/{id}/delegations', { as: delegate, id: cafeIds[0], body });
    expect(refused).toMatchObject({ status: 401, json: { code: 'not-signed-in' } });
    expect(await api.people.attendees.findByEmail(email)).toBeUndefined();
    expect((await api.ask('GET /cafes/{id}', { id: cafeIds[0] })).json.seats).toMatchObject({
      taken: 0,
      waitlisted: 0,
    });
  });
});

describe('the host', () => {
  it('seats a walk-in', async () => {
    const { cafeIds, eventId } = await buildEvent(api.database.pool, [{ seats: 1 }]);
    const [host] = await people();
    const walkIn = (as: string) =>
      api.ask('POST /cafes/{id}/walk-ins', {
        as,
        id: cafeIds[0],
        body: { name: 'Noé', email: `noe-${host}@example.org` },
      });
    expect((await walkIn(host)).status).toBe(403);
    const [organiser] = await people();
    await api.people.roles.grant(organiser, { role: 'organiser', eventId });
    expect((await walkIn(organiser)).json).toMatchObject({ result: 'checked-in', person: { name: 'Noé' } });
    expect((await walkIn(organiser)).json.result).toBe('already-checked-in');
  });

  it('releases the seats of chosen absent attendees, some minutes after the start, and may undo it', async () => {
    const { cafeIds, eventId } = await buildEvent(api.database.pool, [
      { seats: 2, startsInMinutes: -11 },
      { seats: 2, startsInMinutes: -5 },
      { seats: 2, startsInMinutes: 60 },
    ]);
    const [cafe, justBegun, later] = cafeIds;
    const [host, ...three] = await people();
    await api.people.roles.grant(host, { role: 'organiser', eventId });
    const [ada, grace] = [(await take(cafe, three[0])).json, (await take(cafe, three[1])).json];
    await take(cafe, three[2]);
    const release = (registrationIds: string[], { as = host, of = cafe }: { as?: string; of?: string } = {}) =>
      api.ask('POST /cafes/{id}/no-shows', { as, id: of, body: { registrationIds } });
    expect((await release([ada.id], { as: three[0] })).status).toBe(403);
    expect((await api.call('POST', `/cafes/${cafe}/no-shows`, { as: host })).json.code).toBe('invalid-request');
    expect((await release([ada.id], { of: later })).json).toMatchObject({
      code: 'cafe-not-begun',
      from: expect.any(String),
    });
    expect((await release([ada.id], { of: justBegun })).json).toMatchObject({
      code: 'grace-period',
      from: expect.any(String),
    });
    expect((await release([ada.id, grace.id])).json).toMatchObject({ code: 'more-than-wait', chosen: 2, waiting: 1 });
    const released = await release([ada.id]);
    expect(released).toMatchObject({ status: 200, json: { registrationIds: [ada.id], msLeft: 10_000 } });
    const { json: attendance } = await api.ask('GET /cafes/{id}/attendance', { as: host, id: cafe });
    expect(attendance.releases).toMatchObject([{ id: released.json.id, registrationIds: [ada.id] }]);
    const undo = (as: string) =>
      api.ask('DELETE /cafes/{id}/no-shows/{releaseId}', { as, id: cafe, releaseId: released.json.id });
    expect((await undo(three[0])).status).toBe(403);
    expect(await undo(host)).toMatchObject({ status: 200, json: { taken: 2, waitlisted: 1 } });
    expect(await undo(host)).toMatchObject({ status: 409, json: { code: 'undo-over' } });
  });
});

describe('the organiser', () => {
  it('sees which attendees a move would seat twice, decides, and moves', async () => {
    const { cafeIds, eventId, roomIds } = await buildEvent(api.database.pool, [
      { seats: 2 },
      { seats: 2, startsAfterMinutes: 60 },
    ]);
    const [moved, other] = cafeIds;
    const [ada, organiser] = await people();
    await api.people.roles.grant(organiser, { role: 'organiser', eventId });
    const { json: seat } = await take(moved, ada);
    const { startsAt, endsAt } = (await take(other, ada)).json;
    const call = (path: string, body: object, as = organiser) =>
      api.call('POST', `/cafes/${moved}/${path}`, { as, body });
    expect((await call('move', { startsAt, endsAt }, ada)).status).toBe(403);
    expect((await call('move-preview', { startsAt, endsAt })).json).toMatchObject({
      clashes: [{ registrationId: seat.id, otherCafeId: other, otherTitle: 'Café 2' }],
      excess: 0,
    });
    expect((await call('move', { startsAt, endsAt })).json.code).toBe('move-clashes');
    expect((await call('move', { startsAt: endsAt, endsAt: startsAt })).json.code).toBe('ends-before-start');
    expect((await call('move', { startsAt, endsAt, capacity: 1e9 })).status).toBe(400);
    expect((await call('move', { startsAt: '2026-01-01T10:00:30Z', endsAt })).status).toBe(400);
    const elsewhere = await buildEvent(api.database.pool, [{ seats: 2 }]);
    await api.database.pool.query('update room set capacity = 50 where id = $1', [roomIds[0]]);
    for (const path of ['move', 'move-preview']) {
      for (const roomId of [ada, elsewhere.roomIds[0]]) {
        expect((await call(path, { roomId })).json.code).toBe('room-not-found');
      }
      expect((await call(path, { capacity: 51 })).json).toMatchObject({
        code: 'capacity-above-room',
        roomCapacity: 50,
      });
    }
    const done = await call('move', { startsAt, endsAt, clashes: 'cancel' });
    expect(done).toMatchObject({ status: 200, json: { startsAt, seats: { taken: 0 } } });
  });
});
