import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { NewCafe } from '#contract';
import { startTestApi, type TestApi } from '../../../../test/support/api.ts';
import { buildEvent, buildPeople } from '../../../../test/support/build.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api?.stop());

const DAY = '2036-05-11';
const at = (time: string, day = DAY) => `${day}T${time}:00.000Z`;

/** A published event with a Café of two seats in a room, and its organisers. */
async function organised({ seats = 2 } = {}) {
  const { pool } = api.database;
  const { eventId, roomIds, cafeIds } = await buildEvent(pool, [{ seats }, { seats: 5, room: 1 }]);
  const [one, other, lea, samir] = await buildPeople(pool, 4);
  for (const organiser of [one, other]) await api.people.roles.grant(organiser, { role: 'organiser', eventId });
  const { rows } = await pool.query('select slug from event where id = $1', [eventId]);
  const claim = (as: string, id = cafeIds[0]) => api.ask('POST /cafes/{id}/registrations', { as, id, body: {} });
  return { eventId, slug: rows[0].slug as string, roomIds, cafeIds, id: cafeIds[0], one, other, lea, samir, claim };
}

/** A draft event with one room, made by the calls. */
async function made() {
  const { one } = await organised();
  const body = {
    title: { fr: 'Rencontres de mai', de: 'Maitreffen' },
    timeZone: 'Europe/Paris',
    locales: ['fr', 'de'],
    startsAt: at('06:00'),
    endsAt: at('18:00', '2036-05-12'),
  };
  const event = (await api.client(one).call('POST /events', { body })) as { id: string; slug: string; version: number };
  const { slug } = event;
  const room = await api
    .client(one)
    .call('POST /events/{slug}/rooms', { slug, body: { name: 'Étoile 3', capacity: 20 } });
  const cafe = (more: Partial<NewCafe> = {}) => ({
    ...{ kind: 'cafe' as const, language: 'fr', hosts: ['Ville'], capacity: 10, roomId: room.id },
    texts: { fr: { title: 'Eau', summary: 'Une heure <b>ensemble</b>.' } },
    ...{ startsAt: at('08:00'), endsAt: at('09:00') },
    ...more,
  });
  return { one, event, slug, room, cafe };
}

async function auditOf(eventId: string): Promise<{ what: string; before: unknown; after: unknown; reason: string }[]> {
  const { rows } = await api.database.pool.query(
    'select what, before, after, reason from audit_log where event_id = $1 order by id',
    [eventId],
  );
  return rows;
}

describe('a new event', () => {
  it('is a draft, which nobody but its organisers finds, until it is published with its Cafés', async () => {
    const { one, event, slug, room, cafe } = await made();
    const [stranger] = await buildPeople(api.database.pool, 1);
    const client = api.client(one);
    const first = await client.call('POST /events/{slug}/cafes', { slug, body: cafe() });
    const second = await client.call('POST /events/{slug}/cafes', {
      slug,
      body: cafe({ startsAt: at('10:00'), endsAt: at('11:00') }),
    });
    expect([first.code, first.state, second.code, room.code]).toEqual(['1', 'draft', '2', 'etoile-3']);
    const hidden = async (as?: string) => [
      (await api.ask('GET /events/{slug}', { as, slug })).status,
      (await api.ask('GET /cafes/{id}', { as, id: first.id })).status,
      (await api.ask('GET /rooms/{id}/seats', { as, id: room.id })).status,
      (await api.ask('GET /events/{slug}/changes', { as, slug })).status,
      (await api.ask('GET /events', { as })).json.some((each) => each.slug === slug),
    ];
    for (const as of [undefined, stranger, one]) expect(await hidden(as)).toEqual([404, 404, 404, 404, false]);
    expect((await api.ask('GET /events/{slug}/programme', { as: stranger, slug })).json.code).toBe('event-not-found');
    expect((await api.ask('PATCH /rooms/{id}', { as: stranger, id: room.id, body: { name: 'X' } })).json.code).toBe(
      'room-not-found',
    );
    const sitemap = await (await fetch(new URL('/sitemap.xml', api.url))).text();
    expect(sitemap).toContain('<urlset');
    expect(sitemap).not.toContain(slug);
    expect((await client.call('GET /organiser/events')).find((each) => each.slug === slug)).toMatchObject({
      state: 'draft',
      cafes: 2,
    });
    const opened = await client.ask('PATCH /cafes/{id}', { id: first.id, body: { state: 'open' } });
    expect(opened.problem?.code).toBe('event-is-draft');

    const check = await client.call('GET /events/{slug}/publication', { slug });
    expect(check).toMatchObject({ state: 'draft', blockers: [], drafts: [first.id, second.id] });
    expect(check.hints.map(({ hint }) => hint)).toContain('missing-translations');
    const published = await client.ask('POST /events/{slug}/publication', {
      slug,
      body: { cafes: [{ id: second.id, state: 'draft' }] },
      ifMatch: event.version,
    });
    expect(published).toMatchObject({ status: 200, answer: { state: 'published' } });
    const shown = await api.client().call('GET /events/{slug}', { slug });
    expect(shown.cafes.map(({ id, state }) => [id, state])).toEqual([[first.id, 'open']]);
    expect((await auditOf(event.id)).map(({ what }) => what)).toEqual([
      'event-created',
      'role-granted',
      'room-created',
      'cafe-created',
      'cafe-created',
      'event-published',
    ]);
  });

  it('needs an organisation that the person may make events for', async () => {
    const [stranger] = await buildPeople(api.database.pool, 1);
    const body = {
      title: { fr: 'X' },
      timeZone: 'Europe/Paris',
      locales: ['fr'],
      startsAt: at('06:00'),
      endsAt: at('18:00'),
    };
    expect((await api.ask('POST /events', { as: stranger, body })).json.code).toBe('not-allowed');
  });

  it.each([
    ['no title in its first language', { locales: ['de', 'fr'], title: { fr: 'X' } }, 422, 'texts-missing'],
    ['an end before its start', { endsAt: at('05:00') }, 422, 'ends-before-start'],
    ['an unknown time zone', { timeZone: 'EST' }, 400, 'invalid-request'],
    ['a title of two lines', { title: { fr: 'Un\ndeux' } }, 400, 'invalid-request'],
    ['an invisible title', { title: { fr: '\u200b' } }, 400, 'invalid-request'],
    ['a language twice', { locales: ['fr', 'fr'] }, 400, 'invalid-request'],
  ])('is refused with %s', async (_what, wrong, status, code) => {
    const { one } = await organised();
    const body = {
      title: { fr: 'X' },
      timeZone: 'Europe/Paris',
      locales: ['fr'],
      startsAt: at('06:00'),
      endsAt: at('18:00'),
    };
    expect((await api.ask('POST /events', { as: one, body: { ...body, ...wrong } })).json).toMatchObject({
      status,
      code,
    });
  });

  it('in another language shows its texts as typed, and the first language for what is missing', async () => {
    const { one, slug, cafe } = await made();
    const client = api.client(one);
    await client.call('POST /events/{slug}/cafes', { slug, body: cafe() });
    await client.call('PATCH /events/{slug}', { slug, body: { locales: ['fr', 'de'] } });
    const { missing } = await client.call('GET /events/{slug}/programme', { slug });
    expect(missing).toMatchObject([{ about: 'cafe', label: 'Eau', language: 'de', fields: ['title', 'summary'] }]);
    await client.call('POST /events/{slug}/publication', { slug, body: {} });
    const english = await api.call('GET', `/events/${slug}`, { headers: { 'accept-language': 'en' } });
    expect(english.json).toMatchObject({
      title: 'Rencontres de mai',
      cafes: [{ title: 'Eau', summary: 'Une heure <b>ensemble</b>.' }],
    });
    expect((await client.ask('PATCH /events/{slug}', { slug, body: { locales: ['de'] } })).problem).toMatchObject({
      code: 'texts-missing',
      language: 'de',
    });
  });
});

describe('an event', () => {
  it('is changed by one of two who save at once, and the other gets the current values', async () => {
    const { slug, one, other } = await organised();
    const { event } = await api.client(one).call('GET /events/{slug}/programme', { slug });
    const save = (as: string, title: string) =>
      api.client(as).ask('PATCH /events/{slug}', { slug, body: { title: { fr: title } }, ifMatch: event.version });
    const answers = await Promise.all([save(one, 'Un'), save(other, 'Deux')]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412]);
    const [won, lost] = answers[0]?.status === 200 ? answers : answers.toReversed();
    expect(lost?.problem?.current).toEqual({ title: won?.answer?.title });
  });

  it('keeps its version when a Café changes, and its version is not that of its programme', async () => {
    const { slug, one, id } = await organised();
    const version = async () => (await api.client(one).call('GET /events/{slug}/programme', { slug })).event.version;
    const before = await version();
    await api.client(one).call('PATCH /cafes/{id}', { id, body: { hosts: ['Nantes'] } });
    expect(await version()).toBe(before);
  });

  it('keeps its settings, and refuses an accent that cannot be read, with one that can', async () => {
    const { slug, one } = await organised();
    const client = api.client(one);
    const venue = {
      name: { fr: 'Maison' },
      address: { fr: '9 rue X\n75018 Paris' },
      mapUrl: 'https://example.org/map',
    };
    const words = { cafe: { known: 'workshop' as const }, seat: { own: { fr: { one: 'billet', other: 'billets' } } } };
    const changed = await client.call('PATCH /events/{slug}', {
      slug,
      body: { venue, words, accent: '#12406B', legal: { contact: 'Bonjour@Example.org' } },
    });
    expect(changed).toMatchObject({ venue, words, accent: '#12406b', legal: { contact: 'bonjour@example.org' } });
    const { problem } = await client.ask('PATCH /events/{slug}', { slug, body: { accent: '#ffcc00' } });
    expect(problem).toMatchObject({ code: 'accent-unreadable', nearest: expect.stringMatching(/^#[0-9a-f]{6}$/) });
    const nearest = (problem as unknown as { nearest: string }).nearest;
    expect((await client.ask('PATCH /events/{slug}', { slug, body: { accent: nearest } })).status).toBe(200);
    expect((await client.call('PATCH /events/{slug}', { slug, body: { venue: null, accent: null } })).venue).toBeNull();
    for (const mapUrl of ['http://example.org', 'javascript:alert(1)']) {
      const refused = await client.ask('PATCH /events/{slug}', { slug, body: { venue: { ...venue, mapUrl } } });
      expect(refused.problem?.code).toBe('invalid-request');
    }
  });

  it('does not get days that leave a Café outside', async () => {
    const { slug, one, id } = await organised();
    const { cafes } = await api.client(one).call('GET /events/{slug}/programme', { slug });
    const startsAt = cafes.find((cafe) => cafe.id === id)?.endsAt as string;
    const { problem } = await api.client(one).ask('PATCH /events/{slug}', { slug, body: { startsAt } });
    expect(problem).toMatchObject({ code: 'outside-event', cafes: expect.arrayContaining([id]) });
  });

  it('is copied to other days with the same local times, across a change of the clocks', async () => {
    const { one, slug, cafe } = await made();
    const client = api.client(one);
    await client.call('POST /events/{slug}/cafes', { slug, body: cafe({ state: 'draft' }) });
    const copy = await client.call('POST /events/{slug}/duplicate', { slug, body: { startsOn: '2036-11-17' } });
    expect(copy).toMatchObject({
      state: 'draft',
      startsAt: at('07:00', '2036-11-17'),
      endsAt: at('19:00', '2036-11-18'),
    });
    const { cafes, rooms } = await client.call('GET /events/{slug}/programme', { slug: copy.slug });
    expect(cafes).toMatchObject([{ code: '1', state: 'draft', startsAt: at('09:00', '2036-11-17') }]);
    expect(rooms).toMatchObject([{ code: 'etoile-3', capacity: 20 }]);
    expect(copy.slug).not.toBe(slug);
  });

  it('with registrations is neither deleted nor made a draft again; one without is', async () => {
    const { slug, one, lea, claim } = await organised();
    const client = api.client(one);
    const withdrawn = await client.call('DELETE /events/{slug}/publication', { slug });
    expect(withdrawn.state).toBe('draft');
    await client.call('POST /events/{slug}/publication', { slug, body: {} });
    await claim(lea);
    expect((await client.ask('DELETE /events/{slug}/publication', { slug })).problem).toMatchObject({
      code: 'has-registrations',
      registrations: 1,
    });
    expect((await client.ask('DELETE /events/{slug}', { slug })).problem?.code).toBe('has-registrations');
    const { slug: empty, one: owner } = await made();
    expect((await api.client(owner).ask('DELETE /events/{slug}', { slug: empty })).status).toBe(204);
    expect((await api.ask('GET /events/{slug}/programme', { as: owner, slug: empty })).status).toBe(404);
  });
});

describe('a room', () => {
  it('is changed by version, not below the seats of its Cafés, and deleted once it is empty', async () => {
    const { slug, one, roomIds, id } = await organised({ seats: 12 });
    const client = api.client(one);
    const [roomId = ''] = roomIds;
    const { rooms } = await client.call('GET /events/{slug}/programme', { slug });
    const version = rooms.find((room) => room.id === roomId)?.version as number;
    const renamed = await client.ask('PATCH /rooms/{id}', {
      id: roomId,
      body: { name: 'Seine', capacity: 30 },
      ifMatch: version,
    });
    expect(renamed).toMatchObject({ status: 200, answer: { name: 'Seine', capacity: 30, version: version + 1 } });
    expect(
      (await client.ask('PATCH /rooms/{id}', { id: roomId, body: { name: 'X' }, ifMatch: version })).problem,
    ).toMatchObject({
      code: 'version-changed',
      current: { name: 'Seine' },
    });
    expect((await client.ask('PATCH /rooms/{id}', { id: roomId, body: { capacity: 11 } })).problem).toMatchObject({
      code: 'room-too-small',
      cafes: [{ cafeId: id, capacity: 12 }],
    });
    expect((await client.ask('PATCH /rooms/{id}', { id: roomId, body: { code: 'room-1' } })).problem?.code).toBe(
      'code-taken',
    );
    expect((await client.ask('DELETE /rooms/{id}', { id: roomId })).problem).toMatchObject({
      code: 'room-in-use',
      cafes: 1,
    });
    const empty = await client.call('POST /events/{slug}/rooms', { slug, body: { name: 'Loire', capacity: 5 } });
    const order = [empty.id, ...rooms.map((room) => room.id)];
    expect(
      (await client.call('POST /events/{slug}/room-order', { slug, body: { ids: order } })).map((room) => room.id),
    ).toEqual(order);
    expect((await client.ask('DELETE /rooms/{id}', { id: empty.id })).status).toBe(204);
    expect((await client.ask('POST /events/{slug}/room-order', { slug, body: { ids: order } })).problem?.code).toBe(
      'order-incomplete',
    );
  });
});

describe('a Café', () => {
  it('is changed in place in one go: texts, people, time, room, seats and state, each in the audit log', async () => {
    const { eventId, one, id, roomIds } = await organised();
    const client = api.client(one);
    const before = await client.call('GET /cafes/{id}/programme', { id });
    const startsAt = new Date(Date.parse(before.startsAt) + 3_600_000).toISOString();
    const endsAt = new Date(Date.parse(before.endsAt) + 3_600_000).toISOString();
    const body = {
      ...{
        code: 'eau',
        kind: 'stand' as const,
        language: 'en',
        hosts: ['Nantes', 'Lyon'],
        capacity: 7,
        startsAt,
        endsAt,
      },
      roomId: roomIds[1],
      speakers: [{ name: 'Maïa', role: { fr: 'élue' }, pair: 1 }],
      contacts: [{ name: 'Accueil', email: 'Accueil@Example.org' }],
      texts: { fr: { title: 'Eau <script>', agenda: [{ title: 'Accueil', minutes: 5 }], keywords: ['eau'] }, en: null },
      ...{ state: 'closed' as const, waitlistOpen: false, reason: 'Une autre salle.' },
    };
    const changed = await client.ask('PATCH /cafes/{id}', { id, body, ifMatch: before.version });
    expect(changed.status).toBe(200);
    const { reason: _reason, texts: _texts, ...values } = body;
    expect(await client.call('GET /cafes/{id}/programme', { id })).toMatchObject({
      ...values,
      contacts: [{ name: 'Accueil', email: 'accueil@example.org' }],
      texts: { fr: { title: 'Eau <script>', audience: [], keywords: ['eau'] } },
    });
    expect((await api.ask('GET /cafes/{id}', { id })).json.title).toBe('Eau <script>');
    const [entry, ...others] = (await auditOf(eventId)).filter(({ what }) => what.startsWith('cafe'));
    expect(others).toEqual([]);
    expect(entry).toMatchObject({
      what: 'cafe-closed',
      before: { capacity: 2, state: 'open', room: 'room-0', code: 'cafe-1' },
      after: { capacity: 7, state: 'closed', room: 'room-1', code: 'eau' },
      reason: 'Une autre salle.',
    });
  });

  it('is saved by one of two at once; the other learns the current texts, and loses nothing', async () => {
    const { one, other, id } = await organised();
    const { version } = await api.client(one).call('GET /cafes/{id}/programme', { id });
    const save = (as: string, title: string) =>
      api.client(as).ask('PATCH /cafes/{id}', { id, body: { texts: { fr: { title } } }, ifMatch: version });
    const answers = await Promise.all([save(one, 'Un'), save(other, 'Deux')]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412]);
    const now = await api.client(one).call('GET /cafes/{id}/programme', { id });
    expect(answers.find(({ status }) => status === 412)?.problem).toMatchObject({
      version: now.version,
      current: { texts: now.texts },
    });
  });

  it('gets all of a change or nothing of it', async () => {
    const { one, id, claim, lea, samir } = await organised();
    for (const as of [lea, samir]) await claim(as);
    const client = api.client(one);
    const before = await client.call('GET /cafes/{id}/programme', { id });
    const body = { texts: { fr: { title: 'Autre' } }, capacity: 1 };
    expect((await client.ask('PATCH /cafes/{id}', { id, body })).problem).toMatchObject({
      code: 'capacity-below-taken',
      capacity: 1,
      taken: 2,
    });
    expect(await client.call('GET /cafes/{id}/programme', { id })).toEqual(before);
  });

  it.each([
    ['a time outside the event', { startsAt: at('08:00'), endsAt: at('09:00') }, 'outside-event'],
    ['an end before its start', { endsAt: '2020-01-01T00:00:00Z' }, 'ends-before-start'],
    ['the code of another one', { code: 'cafe-2' }, 'code-taken'],
    ['no title in the first language', { texts: { fr: null } }, 'texts-missing'],
    ['a reason of two lines', { capacity: 3, reason: 'Un\ndeux' }, 'invalid-request'],
    ['a reason that is too long', { capacity: 3, reason: 'x'.repeat(301) }, 'invalid-request'],
    ['nothing but a reason', { reason: 'Parce que.' }, 'invalid-request'],
    ['a room of another event', { roomId: '019358c1-7e2a-7c31-9a57-2f60c6b01e44' }, 'room-not-found'],
  ])('does not get %s', async (_what, body, code) => {
    const { one, id } = await organised();
    expect((await api.call('PATCH', `/cafes/${id}`, { as: one, body })).json.code).toBe(code);
  });

  it('is copied as a draft, put in another order, and deleted where nobody registered', async () => {
    const { slug, one, lea, id, cafeIds, claim } = await organised();
    const client = api.client(one);
    const copy = await client.call('POST /cafes/{id}/duplicate', { id, body: {} });
    expect(copy).toMatchObject({ state: 'draft', code: '1', capacity: 2, position: 2 });
    const ids = [copy.id, ...cafeIds];
    expect(
      (await client.call('POST /events/{slug}/cafe-order', { slug, body: { ids } })).map((cafe) => cafe.id),
    ).toEqual(ids);
    expect((await client.ask('POST /events/{slug}/cafe-order', { slug, body: { ids: cafeIds } })).problem?.code).toBe(
      'order-incomplete',
    );
    expect((await client.ask('DELETE /cafes/{id}', { id: copy.id })).status).toBe(204);
    await claim(lea);
    expect((await client.ask('DELETE /cafes/{id}', { id })).problem).toMatchObject({
      code: 'has-registrations',
      taken: 1,
      waitlisted: 0,
    });
  });
});

describe('a cancelled Café', () => {
  it('keeps its list, so that its people can be called, and is no news once its cancellation was undone', async () => {
    const { slug, one, id, lea, samir, claim } = await organised({ seats: 1 });
    await claim(lea);
    await claim(samir);
    const client = api.client(one);
    const undoable = await client.call('PATCH /cafes/{id}', { id, body: { state: 'cancelled', undoable: true } });
    await client.call('DELETE /cafes/{id}/closings/{closingId}', { id, closingId: undoable.closing?.id ?? '' });
    expect((await api.ask('GET /events/{slug}/changes', { slug })).json).toEqual([]);
    await client.call('PATCH /cafes/{id}', { id, body: { state: 'cancelled', reason: 'Hôte malade.' } });
    const { people, expected } = await client.call('GET /cafes/{id}/attendance', { id });
    expect([expected, people.map(({ name, status }) => [name.slice(0, 8), status])]).toEqual([
      0,
      [
        ['Personne', 'cancelled'],
        ['Personne', 'cancelled'],
      ],
    ]);
    const { changes } = await client.call('GET /events/{slug}/history', { slug, query: {} });
    expect(changes.map(({ what }) => what)).toEqual(['cafe-cancelled', 'cafe-restored', 'cafe-cancelled']);
    expect(changes[0]).toMatchObject({ reason: 'Hôte malade.', undoable: false });
  });
});

describe('the impact of a change', () => {
  it('of the time names who clashes, who gets which mail, and changes nothing', async () => {
    const { one, id, cafeIds, lea, samir, claim } = await organised();
    const client = api.client(one);
    const [, other] = cafeIds;
    const free = await client.call('GET /cafes/{id}/programme', { id: other });
    const startsAt = new Date(Date.parse(free.endsAt)).toISOString();
    const endsAt = new Date(Date.parse(free.endsAt) + 2_700_000).toISOString();
    await client.call('PATCH /cafes/{id}', { id: other, body: { startsAt, endsAt } });
    await claim(lea);
    await claim(samir);
    await claim(lea, other);
    const before = await client.call('GET /cafes/{id}/programme', { id });
    const outbox = async () => (await api.database.pool.query('select count(*) from outbox')).rows[0].count;
    const messages = await outbox();
    const impact = await client.call('POST /cafes/{id}/impact', { id, body: { startsAt, endsAt, capacity: 1 } });
    expect(impact).toMatchObject({
      version: before.version,
      taken: 2,
      capacity: 1,
      excess: 1,
      ends: 1,
      clashes: [{ otherCafeId: other, otherTitle: 'Café 2', name: expect.stringMatching(/^Personne/) }],
    });
    expect(impact.changes.map(({ field }) => field).sort()).toEqual(['capacity', 'time']);
    expect(new Map(impact.mails.map(({ kind, count }) => [kind, count]))).toEqual(
      new Map([
        ['cafe-moved', 1],
        ['capacity-lost', 1],
      ]),
    );
    expect(await client.call('GET /cafes/{id}/programme', { id })).toEqual(before);
    expect(await outbox()).toBe(messages);
  });

  it('of a cancellation counts everybody, and names a time in the past or outside the event', async () => {
    const { one, id, lea, samir, claim } = await organised({ seats: 1 });
    await claim(lea);
    await claim(samir);
    const client = api.client(one);
    expect(await client.call('POST /cafes/{id}/impact', { id, body: { state: 'cancelled' } })).toMatchObject({
      ...{ taken: 1, waitlisted: 1, ends: 2, excess: 0 },
      mails: [{ kind: 'cancelled-by-organiser', count: 2 }],
    });
  });

  it('of more seats counts who moves up', async () => {
    const { one, id, lea, samir, claim } = await organised({ seats: 1 });
    await claim(lea);
    await claim(samir);
    const impact = await api.client(one).call('POST /cafes/{id}/impact', { id, body: { capacity: 2 } });
    expect(impact).toMatchObject({ movesUp: 1, ends: 0 });
  });
});

describe('the history of a programme', () => {
  it('has each change with its values before and after, and undoes the last one of a Café', async () => {
    const { slug, one, other, id } = await organised();
    const client = api.client(one);
    const before = await client.call('GET /cafes/{id}/programme', { id });
    await client.call('PATCH /cafes/{id}', { id, body: { hosts: ['Nantes'] } });
    const { changeId = '' } = await api.client(other).call('PATCH /cafes/{id}', {
      id,
      body: { texts: { de: { title: 'Wasser' } }, hosts: ['Lyon'] },
    });
    const { changes } = await client.call('GET /events/{slug}/history', { slug, query: {} });
    expect(changes).toMatchObject([
      {
        id: changeId,
        what: 'cafe-changed',
        actor: { id: other },
        subject: { kind: 'cafe', id, label: 'Café 1' },
        fields: expect.arrayContaining([
          { field: 'hosts', from: ['Nantes'], to: ['Lyon'] },
          { field: 'texts.de.title', to: 'Wasser' },
        ]),
        undoable: true,
      },
      { what: 'cafe-changed', undoable: false },
    ]);
    const first = changes[1]?.id ?? '';
    expect(
      (await client.ask('DELETE /events/{slug}/history/{changeId}', { slug, changeId: first })).problem?.code,
    ).toBe('undo-over');
    await client.call('DELETE /events/{slug}/history/{changeId}', { slug, changeId });
    expect(await client.call('GET /cafes/{id}/programme', { id })).toMatchObject({
      texts: before.texts,
      hosts: ['Nantes'],
    });
    expect((await client.ask('DELETE /events/{slug}/history/{changeId}', { slug, changeId })).problem?.code).toBe(
      'undo-over',
    );
  });

  it('undoes a change of an event and of a room, and never one of seats', async () => {
    const { slug, one, id, roomIds } = await organised();
    const client = api.client(one);
    const [roomId = ''] = roomIds;
    await client.call('PATCH /rooms/{id}', { id: roomId, body: { name: 'Seine' } });
    await client.call('PATCH /events/{slug}', { slug, body: { title: { de: 'Treffen' } } });
    await client.call('PATCH /cafes/{id}', { id, body: { capacity: 9 } });
    const { changes } = await client.call('GET /events/{slug}/history', { slug, query: {} });
    expect(changes.map(({ what, undoable }) => [what, undoable])).toEqual([
      ['cafe-changed', false],
      ['event-changed', true],
      ['room-changed', true],
    ]);
    for (const { id: changeId } of changes.slice(1)) {
      await client.call('DELETE /events/{slug}/history/{changeId}', { slug, changeId });
    }
    const { event, rooms } = await client.call('GET /events/{slug}/programme', { slug });
    expect(event.title).toEqual({ fr: 'Rencontres', en: 'Meetings' });
    expect(rooms.find((room) => room.id === roomId)?.name).toBe('Salle 0');
  });

  it('shows the public new, moved and cancelled Cafés, and no drafts, reasons or people', async () => {
    const { slug, one, id, cafeIds } = await organised();
    const client = api.client(one);
    const draft = await client.call('POST /cafes/{id}/duplicate', { id, body: {} });
    const added = await client.call('POST /cafes/{id}/duplicate', { id, body: {} });
    await client.call('PATCH /cafes/{id}', { id: added.id, body: { state: 'open' } });
    const { startsAt, endsAt } = await client.call('GET /cafes/{id}/programme', { id });
    const later = new Date(Date.parse(endsAt) + 60_000).toISOString();
    await client.call('PATCH /cafes/{id}', { id, body: { endsAt: later, reason: 'Secret.' } });
    await client.call('PATCH /cafes/{id}', { id: cafeIds[1], body: { state: 'cancelled' } });
    await client.call('PATCH /cafes/{id}', { id: draft.id, body: { endsAt: later } });
    const news = await api.ask('GET /events/{slug}/changes', { slug });
    expect(news.json).toMatchObject([
      { change: 'cancelled', cafeId: cafeIds[1] },
      {
        change: 'moved',
        cafeId: id,
        title: 'Café 1',
        from: { room: 'Salle 0', startsAt, endsAt },
        to: { room: 'Salle 0', startsAt, endsAt: later },
      },
      { change: 'added', cafeId: added.id },
    ]);
    expect(news.text).not.toMatch(/Secret|actor/);
  });
});
