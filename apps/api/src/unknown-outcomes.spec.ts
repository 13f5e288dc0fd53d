import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestApi, type TestApi } from '../../../test/support/api.ts';
import { buildEvent, buildPeople } from '../../../test/support/build.ts';

let api: TestApi;
const lines: string[] = [];
beforeAll(async () => {
  api = await startTestApi({}, { lines });
});
afterAll(() => api?.stop());

/** Makes a database function return another outcome in place of one of its own. */
async function rename(functionName: string, outcome: string, other: string): Promise<void> {
  const { pool } = api.database;
  const { rows } = await pool.query<{ source: string }>(
    'select pg_get_functiondef(oid) as source from pg_proc where proname = $1',
    [functionName],
  );
  const source = rows[0]?.source ?? '';
  expect(source).toContain(`'${outcome}'`);
  await pool.query(source.replaceAll(`'${outcome}'`, `'${other}'`));
}

describe('an unknown outcome of the database', () => {
  it('is an internal error, logged, and never a success', async () => {
    const { cafeIds, eventId } = await buildEvent(api.database.pool, [{ seats: 2 }, { seats: 2 }]);
    const [lea, organiser] = (await buildPeople(api.database.pool, 2)) as [string, string];
    await api.people.roles.grant(organiser, { role: 'organiser', eventId });
    const [cafeId = '', otherId = ''] = cafeIds;
    const { id } = await api.client(lea).call('POST /cafes/{id}/registrations', { id: cafeId, body: {} });
    const checkIn = () =>
      api.client(organiser).ask('POST /check-ins', { body: { registrationId: id, cafeId: otherId } });
    expect(await checkIn()).toMatchObject({ status: 200, answer: { result: 'wrong-cafe' } });
    await rename('seats_check_in', 'wrong-cafe', 'another-planet');
    expect(await checkIn()).toMatchObject({ status: 500, problem: { code: 'internal-error' } });
    expect(lines.join('')).toContain('unknown outcome: another-planet');
  });
});

describe('an internal error', () => {
  it('says that nothing was changed for reads only', async () => {
    const { pool } = api.database;
    const [lea] = (await buildPeople(pool, 1)) as [string];
    await pool.query('alter table attendee rename to attendee_away');
    const answers = await Promise.all([
      api.client(lea).ask('GET /me'),
      api.client(lea).ask('PATCH /me', { body: { reminders: false } }),
    ]);
    await pool.query('alter table attendee_away rename to attendee');
    expect(answers.map(({ problem }) => [problem?.code, problem?.detail])).toEqual([
      ['internal-error', 'Réessayez ; rien n’a été changé.'],
      ['internal-error', 'Vérifiez d’abord si la demande a abouti, puis réessayez.'],
    ]);
  });
});
