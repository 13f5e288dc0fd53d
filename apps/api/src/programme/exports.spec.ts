import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import ICAL from 'ical.js';
import { startTestApi, type TestApi } from '../../../../test/support/api.ts';
import { buildEvent } from '../../../../test/support/build.ts';

let api: TestApi;
let slug: string;
let eventId: string;

beforeAll(async () => {
  api = await startTestApi();
  ({ eventId } = await buildEvent(api.database.pool, [{ seats: 4 }, { seats: 4 }, { seats: 4 }]));
  ({ slug } = (await api.database.pool.query('select slug from event where id = $1', [eventId])).rows[0]);
});
afterAll(() => api?.stop());

const read = async () => {
  const [calendar, json, xml] = await Promise.all([
    api.ask('GET /events/{slug}/programme.ics', { slug }),
    api.ask('GET /events/{slug}/schedule.json', { slug }),
    api.ask('GET /events/{slug}/schedule.xml', { slug }),
  ]);
  return { calendar, json, xml };
};
const entries = (text: string) => new ICAL.Component(ICAL.parse(text)).getAllSubcomponents('vevent').length;
const events = (text: string) => text.match(/<event /g)?.length ?? 0;
const titles = (value: unknown) => JSON.stringify(value).match(/"title":/g)?.length ?? 0;

describe('the exports of a programme', () => {
  it('hold what is published, and neither drafts nor cancelled Cafés', async () => {
    const all = await read();
    expect([all.calendar.status, all.json.status, all.xml.status]).toEqual([200, 200, 200]);
    expect([entries(all.calendar.text), events(all.xml.text), titles(all.json.json)]).toEqual([3, 3, 4]);
    const { rows } = await api.database.pool.query('select id from cafe where event_id = $1 order by position, id', [
      eventId,
    ]);
    for (const [index, state] of ['draft', 'cancelled'].entries())
      await api.database.pool.query('select seats_change_cafe($1, null, false, $2::cafe_state, null, null)', [
        rows[index].id,
        state,
      ]);
    const some = await read();
    expect([entries(some.calendar.text), events(some.xml.text), titles(some.json.json)]).toEqual([1, 1, 2]);
    expect(some.xml.headers.get('content-type')).toMatch(/^application\/xml/);
    expect(some.calendar.headers.get('content-type')).toMatch(/^text\/calendar/);
  });

  it('are not found for a draft of an event, and for none', async () => {
    // The Cafés of a draft are drafts, so this event has none.
    const draft = await buildEvent(api.database.pool, []);
    const { rows } = await api.database.pool.query(`update event set state = 'draft' where id = $1 returning slug`, [
      draft.eventId,
    ]);
    ({ slug } = rows[0]);
    const { calendar, json, xml } = await read();
    expect([calendar.status, json.status, xml.status]).toEqual([404, 404, 404]);
  });
});
