import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestApi, type TestApi } from '../../../../test/support/api.ts';
import { buildEvent, buildPeople } from '../../../../test/support/build.ts';
import { openOutboxBatches } from '../../../../test/support/outbox.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api?.stop());

/** An event with an organiser, and an attendee whose confirmation was refused. */
async function bounced() {
  const { pool } = api.database;
  const { eventId, cafeIds } = await buildEvent(pool, [{ seats: 2 }]);
  const [organiser = '', ada = ''] = await buildPeople(pool, 2);
  await api.people.roles.grant(organiser, { role: 'organiser', eventId });
  const { json: registration } = await api.ask('POST /cafes/{id}/registrations', { as: ada, id: cafeIds[0], body: {} });
  await openOutboxBatches(pool);
  const outbox = await pool.query('update outbox set done_at = now() where registration_id = $1 returning id', [
    registration.id,
  ]);
  const id: string = outbox.rows[0].id;
  await pool.query(
    `insert into email_delivery (outbox_id, message_id, attendee_id, event_id, status, attempts, last_fault)
     values ($1::uuid, $1::uuid || '@localhost', $2, $3, 'bounced', 3, '550 no such mailbox')`,
    [id, ada, eventId],
  );
  const slug = (await pool.query('select slug from event where id = $1', [eventId])).rows[0].slug as string;
  return { slug, organiser, ada, id, registrationId: registration.id as string };
}

describe('an undelivered message', () => {
  it('is shown to its attendee and to the organisers of the event, and to no others', async () => {
    const { slug, organiser, ada, id, registrationId } = await bounced();
    const message = { id, kind: 'confirmed', reason: '550 no such mailbox', registrationId, at: expect.any(String) };
    expect(await api.client(ada).call('GET /me/undelivered')).toEqual([message]);
    expect(await api.client(organiser).call('GET /me/undelivered')).toEqual([]);
    const list = (as?: string) => api.client(as).ask('GET /events/{slug}/undelivered', { slug });
    expect((await list(organiser)).answer).toEqual([
      { ...message, attempts: 3, name: expect.any(String), email: expect.stringContaining('@') },
    ]);
    expect((await list(ada)).problem?.code).toBe('not-allowed');
    expect((await list()).problem?.code).toBe('not-signed-in');
    const other = await bounced();
    expect((await list(other.organiser)).problem?.code).toBe('not-allowed');
  });

  it('is enqueued again, once, when an organiser of its event requests it', async () => {
    const { slug, organiser, id } = await bounced();
    const other = await bounced();
    const again = (as: string, of: string) =>
      api.client(as).ask('POST /events/{slug}/undelivered/{id}/send-again', { slug: of, id });
    expect((await again(other.organiser, other.slug)).problem?.code).toBe('message-not-found');
    expect((await again(organiser, slug)).status).toBe(204);
    const outbox = await api.database.pool.query('select done_at, queued_at from outbox where id = $1', [id]);
    expect(outbox.rows).toEqual([{ done_at: null, queued_at: null }]);
    expect((await again(organiser, slug)).problem?.code).toBe('message-not-found');
    expect(await api.client(organiser).call('GET /events/{slug}/undelivered', { slug })).toEqual([]);
  });
});

describe('the board of the queues', () => {
  it('opens for owners of the installation only, loads nothing from other sites, and changes nothing', async () => {
    const { organiser } = await bounced();
    const [owner = ''] = await buildPeople(api.database.pool, 1);
    await api.people.roles.grantOwner(owner);
    const open = (path: string, as?: string, method = 'GET') =>
      fetch(`${api.url}/board${path}`, { method, headers: as ? { cookie: api.cookieOf(as) } : {} });
    expect([(await open('/')).status, (await open('/', organiser)).status]).toEqual([401, 403]);
    expect([(await open('/api/queues')).status, (await open('/api/queues', organiser)).status]).toEqual([401, 403]);
    const page = await open('/', owner);
    expect(page.status).toBe(200);
    expect(await page.text()).not.toMatch(/https:\/\/fonts/);
    // Its files are found from its base, at all addresses. Data and other pages have none.
    const policyOf = async (path: string) => (await open(path, owner)).headers.get('content-security-policy');
    for (const path of ['/', '/queue/mail'])
      expect(await policyOf(path)).toMatch(/base-uri 'self'.*frame-ancestors 'none'/);
    expect(await policyOf('/../')).toContain(`base-uri 'none'`);
    const shown = (await (await open('/api/queues', owner)).json()) as {
      queues: { name: string; readOnlyMode: boolean }[];
    };
    expect(shown.queues.map(({ name, readOnlyMode }) => [name, readOnlyMode])).toEqual([
      ['mail', true],
      ['scheduled', true],
    ]);
    expect((await open('/api/queues/mail/pause', owner, 'PUT')).status).toBeGreaterThanOrEqual(400);
  });
});
