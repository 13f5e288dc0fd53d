import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { callNames, declarationOf, routeOf } from '#contract';
import { startTestApi, type TestApi } from '../../../../test/support/api.ts';
import { buildEvent, buildPeople } from '../../../../test/support/build.ts';
import { waitFor } from '../../../../test/support/wait-for.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api?.stop());

/** An event with a Café of ten seats, and two organisers of it. */
async function organised() {
  const { pool } = api.database;
  const { eventId, roomIds, cafeIds } = await buildEvent(pool, [{ seats: 10 }, { seats: 5, room: 1 }]);
  const [one, other, lea] = (await buildPeople(pool, 3)) as [string, string, string];
  for (const organiser of [one, other]) await api.people.roles.grant(organiser, { role: 'organiser', eventId });
  const [id] = cafeIds;
  const cafe = () => api.client().call('GET /cafes/{id}', { id });
  return { eventId, roomIds, id, one, other, lea, cafe };
}
type Organised = Awaited<ReturnType<typeof organised>>;

/** Runs a change while another transaction holds the lock of the Café, and ends that transaction when the change waits for it. */
async function during<Answer>(id: string, statement: string, change: () => Promise<Answer>): Promise<Answer> {
  const client = await api.database.pool.connect();
  try {
    await client.query('begin');
    await client.query('select from cafe_seats where cafe_id = $1 for update', [id]);
    const changing = change();
    const waiting = `select from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock' and query like '%from seats\\_%'`;
    await waitFor(async () => ((await api.database.pool.query(waiting)).rowCount ?? 0) > 0, {
      what: 'the change to wait',
    });
    await client.query(statement, [id]);
    await client.query('commit');
    return await changing;
  } finally {
    client.release();
  }
}

/** Each call that changes a Café, with a change that differs from the Café of `organised`. */
const changes: Record<string, (cafe: Organised, as: string, ifMatch?: number) => Promise<{ status: number }>> = {
  'PATCH /cafes/{id} of the capacity': ({ id }, as, ifMatch) =>
    api.client(as).ask('PATCH /cafes/{id}', { id, body: { capacity: 12 }, ifMatch }),
  'PATCH /cafes/{id} of the state': ({ id }, as, ifMatch) =>
    api.client(as).ask('PATCH /cafes/{id}', { id, body: { state: 'closed', undoable: true }, ifMatch }),
  'PATCH /cafes/{id} of the waitlist': ({ id }, as, ifMatch) =>
    api.client(as).ask('PATCH /cafes/{id}', { id, body: { waitlistOpen: false }, ifMatch }),
  'POST /cafes/{id}/move to another room': ({ id, roomIds }, as, ifMatch) =>
    api.client(as).ask('POST /cafes/{id}/move', { id, body: { roomId: roomIds[1] }, ifMatch }),
  'POST /cafes/{id}/move of the capacity': ({ id }, as, ifMatch) =>
    api.client(as).ask('POST /cafes/{id}/move', { id, body: { capacity: 12 }, ifMatch }),
};

describe('a call that changes a Café', () => {
  it('accepts If-Match and answers with an ETag', () => {
    const changing = callNames.filter((name) => {
      const { access } = declarationOf(name);
      // A copy, a preview and a deletion change no values that somebody else may have changed.
      const others = /^GET |-preview$|\/impact$|\/duplicate$|^DELETE \/cafes\/\{id\}$/;
      return access.who === 'organiser' && access.of === 'cafe' && !others.test(name);
    });
    expect(changing.length).toBeGreaterThan(2);
    expect(changing.filter((name) => !declarationOf(name).versioned)).toEqual([]);
    expect(changing.map((name) => routeOf(name).method)).not.toContain('GET');
  });

  it.each(Object.keys(changes))('%s: creates a new version, and answers with it', async (name) => {
    const made = await organised();
    const { version } = await made.cafe();
    const answer = await api.client(made.one).ask('PATCH /cafes/{id}', { id: made.id, body: { capacity: 11 } });
    expect(answer.answer?.version).toBeGreaterThan(version);
    expect(answer.headers.get('etag')).toBe(`"${answer.answer?.version}"`);
    const change = changes[name] as (typeof changes)[string];
    expect((await change(made, made.one, answer.answer?.version)).status).toBe(200);
    expect((await change(made, made.other, answer.answer?.version)).status).toBe(412);
    expect((await made.cafe()).version).toBeGreaterThan(answer.answer?.version ?? 0);
  });

  it.each(Object.keys(changes))('%s: of two simultaneous changes with one version, one is done', async (name) => {
    const made = await organised();
    const { version } = await made.cafe();
    const change = changes[name] as (typeof changes)[string];
    const answers = await Promise.all([change(made, made.one, version), change(made, made.other, version)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412]);
  });

  it('is done for any version without If-Match or with *', async () => {
    const { id, one, cafe } = await organised();
    for (const headers of [undefined, { 'if-match': '*' }]) {
      const capacity = headers ? 14 : 13;
      const answer = await api.call('PATCH', `/cafes/${id}`, { as: one, body: { capacity }, headers });
      expect([answer.status, (await cafe()).capacity]).toEqual([200, capacity]);
    }
  });

  it.each(['W/"1"', '1', '"one"', '"1", "2"', ''])(
    'is refused as invalid if If-Match is %s, which matches no version',
    async (header) => {
      const { id, one, cafe } = await organised();
      const answer = await api.call('PATCH', `/cafes/${id}`, {
        as: one,
        body: { capacity: 13 },
        headers: { 'if-match': header },
      });
      expect(answer).toMatchObject({ status: 400, json: { code: 'invalid-request', errors: [{ path: 'If-Match' }] } });
      expect((await cafe()).capacity).toBe(10);
    },
  );

  it('changes nothing with an older version, and answers with the current version and values', async () => {
    const made = await organised();
    const { id, one, other, roomIds, cafe } = made;
    const { version, startsAt, endsAt } = await cafe();
    await api.client(other).call('PATCH /cafes/{id}', { id, body: { capacity: 20, waitlistOpen: false } });
    const now = await cafe();
    const about = async (body: { capacity?: number; waitlistOpen?: boolean; state?: 'closed' }) =>
      (await api.client(one).ask('PATCH /cafes/{id}', { id, body, ifMatch: version })).problem;
    expect(await about({ capacity: 12 })).toMatchObject({ code: 'version-changed', status: 412, version: now.version });
    expect((await about({ capacity: 12 }))?.current).toEqual({ capacity: 20 });
    expect((await about({ waitlistOpen: true, state: 'closed' }))?.current).toEqual({
      state: 'open',
      waitlistOpen: false,
    });
    const move = { id, body: { roomId: roomIds[1] }, ifMatch: version };
    expect((await api.client(one).ask('POST /cafes/{id}/move', move)).problem?.current).toEqual({
      roomId: roomIds[0],
      startsAt,
      endsAt,
      capacity: 20,
    });
    expect(await cafe()).toEqual(now);
  });

  it('answers with the target capacity in addition to the capacity', async () => {
    const { id, one, other, lea, cafe } = await organised();
    await api.client(lea).call('POST /cafes/{id}/registrations', { id, body: {} });
    const { version } = await cafe();
    await api.client(other).call('PATCH /cafes/{id}', { id, body: { capacity: 0, asTarget: true } });
    const { problem } = await api.client(one).ask('PATCH /cafes/{id}', { id, body: { capacity: 3 }, ifMatch: version });
    expect(problem?.current).toEqual({ capacity: 1, targetCapacity: 0 });
  });

  it('is checked against the version at the time when it has the lock', async () => {
    const { id, one, cafe } = await organised();
    const { version } = await cafe();
    const answer = await during(
      id,
      'update cafe_seats set waitlist_open = false, version = version + 1, settings_version = settings_version + 1 where cafe_id = $1',
      () => api.client(one).ask('PATCH /cafes/{id}', { id, body: { capacity: 12 }, ifMatch: version }),
    );
    expect(answer).toMatchObject({ status: 412, problem: { version: version + 1, current: { capacity: 10 } } });
  });

  it('keeps omitted values as they are when it has the lock, not as they were at the request', async () => {
    const { id, one, roomIds, cafe } = await organised();
    const answer = await during(
      id,
      `update cafe set room_id = (select r.id from room r where r.event_id = cafe.event_id and r.code = 'room-1') where id = $1`,
      () => api.client(one).ask('POST /cafes/{id}/move', { id, body: { capacity: 12 } }),
    );
    expect(answer).toMatchObject({ status: 200, answer: { capacity: 12, roomId: roomIds[1] } });
    expect((await cafe()).roomId).toBe(roomIds[1]);
  });
});

describe('the version of a Café', () => {
  it('grows with a closing and its undoing, and with its texts; not with seats, check-ins, or a change to the same values', async () => {
    const { id, one, lea, cafe } = await organised();
    const client = api.client(one);
    const grown = async (change: () => Promise<unknown>) => {
      const { version } = await client.call('PATCH /cafes/{id}', { id, body: { waitlistOpen: true } });
      await change();
      return (await client.call('PATCH /cafes/{id}', { id, body: { waitlistOpen: true } })).version - version;
    };
    const claim = () => api.client(lea).call('POST /cafes/{id}/registrations', { id, body: {} });
    expect(await grown(claim)).toBe(0);
    const registration = await claim();
    const body = { registrationId: registration.id, cafeId: id };
    expect(await grown(() => client.call('POST /check-ins', { body }))).toBe(0);
    expect(await grown(() => client.call('PATCH /cafes/{id}', { id, body: { capacity: 10 } }))).toBe(0);
    expect(await grown(() => client.call('POST /cafes/{id}/move', { id, body: { capacity: 10 } }))).toBe(0);
    const texts = `update cafe set hosts = '{Nantes}' where id = $1`;
    expect(await grown(() => api.database.pool.query(texts, [id]))).toBe(1);
    const undone = async () => {
      const cancelled = await client.call('PATCH /cafes/{id}', { id, body: { state: 'cancelled', undoable: true } });
      const { version } = await cafe();
      expect(version).toBe(cancelled.version);
      const undo = (ifMatch: number) =>
        client.ask('DELETE /cafes/{id}/closings/{closingId}', {
          id,
          closingId: cancelled.closing?.id ?? '',
          ifMatch,
        });
      expect(await undo(version - 1)).toMatchObject({ status: 412, problem: { current: { state: 'cancelled' } } });
      const answer = await undo(version);
      expect([answer.status, answer.headers.get('etag')]).toEqual([200, `"${version + 1}"`]);
    };
    expect(await grown(undone)).toBe(2);
  });

  it('is the same in the programme, the Café and the dashboard', async () => {
    const { id, eventId, one, cafe } = await organised();
    await api.client(one).call('POST /cafes/{id}/move', { id, body: { capacity: 7 } });
    const { version } = await cafe();
    const dashboard = await api.client(one).call('GET /events/{id}/dashboard', { id: eventId });
    expect(dashboard.cafes.find(({ cafeId }) => cafeId === id)?.version).toBe(version);
    const { rows } = await api.database.pool.query<{ slug: string }>('select slug from event where id = $1', [eventId]);
    const slug = rows[0]?.slug as string;
    const { cafes } = await api.client().call('GET /events/{slug}', { slug });
    expect(cafes.find((each) => each.id === id)?.version).toBe(version);
  });
});
