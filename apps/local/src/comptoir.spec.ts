import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { migrate } from '#platform';
import { startTestApi, type TestApi } from '../../../test/support/api.ts';
import { buildEvent } from '../../../test/support/build.ts';
import { tokenOf } from '../../../test/support/identity.ts';
import { freePort, waitFor } from '../../../test/support/index.ts';
import { startPostgres } from './servers/postgres.ts';

const COMMAND = path.resolve('dist/apps/local/src/comptoir.js');
const SECRET = 'a secret of the tests, for the tests alone';

let api: TestApi;
let slug: string;
let eventId: string;
let roomIds: string[];
let cafeIds: string[];
let elsewhere: string;
const folders: string[] = [];

beforeAll(async () => {
  api = await startTestApi();
  ({ eventId, roomIds, cafeIds } = await buildEvent(api.database.pool, [{ seats: 5 }, { seats: 5, room: 1 }]));
  slug = (await api.database.pool.query('select slug from event where id = $1', [eventId])).rows[0].slug;
  elsewhere = await folder();
});
afterAll(async () => {
  await api?.stop();
  for (const each of folders) await rm(each, { recursive: true, force: true });
});

async function folder(): Promise<string> {
  const made = await mkdtemp(path.join(tmpdir(), 'comptoir-test-command-'));
  folders.push(made);
  return made;
}

/** Runs the command of the build from another folder, with only the given environment. */
async function comptoirIn(environment: Record<string, string>, ...args: string[]) {
  const child = spawn(process.execPath, [COMMAND, ...args], {
    cwd: elsewhere,
    env: { PATH: process.env.PATH, NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    err += chunk;
  });
  const [code] = await once(child, 'close');
  const lines = (text: string) => text.split('\n').filter(Boolean);
  return { code, out: lines(out), err: lines(err) };
}

const comptoir = (...args: string[]) =>
  comptoirIn(
    { DATABASE_URL: api.testDatabase.url, APP_SECRET: SECRET, PUBLIC_URL: 'https://comptoir.example/' },
    ...args,
  );
const people = (...args: string[]) => comptoir('people', ...args, '--event', slug);
const done = (...out: string[]) => ({ code: 0, out, err: [] });
const recorded = async () =>
  (
    await api.database.pool.query(
      `select l.what, l.actor_id, a.email, coalesce(l.after, l.before) as role from audit_log l join attendee a on a.id = l.subject_id
       where l.event_id = $1 order by l.id`,
      [eventId],
    )
  ).rows;

describe('npm run comptoir -- people', () => {
  it('grants, lists and revokes roles, with one line for each, and records each change', async () => {
    expect(await people('list')).toEqual(done());
    expect(await people('grant', 'Odile@Example.org')).toEqual(done(`odile@example.org organiser ${slug}`));
    expect(await people('grant', 'odile@example.org')).toEqual(done(`odile@example.org organiser ${slug}`));
    expect(await people('grant', 'hugo@example.org', '--room', 'room-1')).toEqual(
      done(`hugo@example.org host ${slug} room-1`),
    );
    expect(await people('list')).toEqual(
      done(`odile@example.org organiser ${slug}`, `hugo@example.org host ${slug} room-1`),
    );
    expect(await people('list', 'hugo@example.org')).toEqual(done(`hugo@example.org host ${slug} room-1`));
    expect(await people('list', '--room', 'room-0')).toEqual(done());
    expect(await people('revoke', 'hugo@example.org', '--room', 'room-0')).toEqual(
      done(`hugo@example.org host ${slug} room-0 was not granted`),
    );
    expect(await people('revoke', 'hugo@example.org', '--room', 'room-1')).toEqual(
      done(`hugo@example.org host ${slug} room-1 revoked`),
    );
    expect(await people('list')).toEqual(done(`odile@example.org organiser ${slug}`));
    expect(await recorded()).toEqual([
      { what: 'role-granted', actor_id: null, email: 'odile@example.org', role: { role: 'organiser' } },
      { what: 'role-granted', actor_id: null, email: 'hugo@example.org', role: { role: 'host', roomId: roomIds[1] } },
      { what: 'role-revoked', actor_id: null, email: 'hugo@example.org', role: { role: 'host', roomId: roomIds[1] } },
    ]);
  });

  it('does not mark an address as proved when it grants a role', async () => {
    await people('grant', 'nouvelle@example.org');
    expect(await api.people.attendees.findByEmail('nouvelle@example.org')).toMatchObject({
      name: 'nouvelle',
      proved: false,
    });
  });

  it('ends what a revoked role allowed at the API within 5 s', async () => {
    await people('grant', 'olga@example.org');
    const as = (await api.people.attendees.findByEmail('olga@example.org'))?.attendeeId as string;
    const attendance = async () =>
      (await api.client(as).ask('GET /cafes/{id}/attendance', { id: cafeIds[0] as string })).status;
    expect(await attendance()).toBe(200);
    await people('revoke', 'olga@example.org');
    await waitFor(async () => (await attendance()) === 403, { what: 'the refusal', withinMs: 5_000 });
  });

  it.each([
    ['nothing', []],
    ['an unknown subject', ['chairs', 'list', '--event', 'x']],
    ['an unknown verb', ['people', 'promote', 'a@example.org', '--event', 'x']],
    ['no event', ['people', 'list']],
    ['no address', ['people', 'grant', '--event', 'x']],
    ['an invalid address', ['people', 'grant', 'nobody', '--event', 'x']],
    ['an unknown option', ['people', 'list', '--event', 'x', '--all']],
    ['one argument too many', ['people', 'list', 'a@example.org', 'b', '--event', 'x']],
    ['an unknown event', ['people', 'list', '--event', 'x']],
  ])('answers %s with one line and exit code 1', async (_, args) => {
    expect(await comptoir(...args)).toEqual({ code: 1, out: [], err: [expect.any(String)] });
  });

  it('reports an unknown room and an unavailable database in one line, with exit code 1', async () => {
    expect(await people('grant', 'a@example.org', '--room', 'attic')).toEqual({
      code: 1,
      out: [],
      err: [`There is no room attic in ${slug}.`],
    });
    expect(await api.people.attendees.findByEmail('a@example.org')).toBeUndefined();
    const away = { DATABASE_URL: `postgres://nobody@127.0.0.1:${await freePort()}/none` };
    expect(await comptoirIn(away, 'people', 'list', '--event', slug)).toEqual({
      code: 1,
      out: [],
      err: [expect.stringContaining('The database cannot be used')],
    });
  });

  it('prints a sign-in link that works without mail and is valid for one day', async () => {
    await people('grant', 'premiere@example.org');
    const { code, out } = await people('link', 'premiere@example.org');
    expect([code, out.length]).toEqual([0, 1]);
    const link = new URL(out[0] as string);
    expect(link.origin + link.pathname).toBe('https://comptoir.example/sign-in');
    expect(link.searchParams.get('next')).toBe(`/organiser?event=${slug}`);
    const signedIn = await api.ask('POST /sign-in/verify', { body: { token: tokenOf(link.href) } });
    expect([signedIn.status, signedIn.json.attendee?.roles]).toEqual([200, [{ role: 'organiser', eventId }]]);
    const { rows } = await api.database.pool.query(
      `select expires_at - created_at as lasts from sign_in_challenge where email = 'premiere@example.org'`,
    );
    expect(rows[0].lasts).toMatchObject({ days: 1 });
  });
});

describe('npm run comptoir -- owner', () => {
  it('adds, lists and removes owners, with one line for each, and records each change', async () => {
    expect(await comptoir('owner', 'list')).toEqual(done());
    expect(await comptoir('owner', 'add', 'Zoe@Example.org')).toEqual(done('zoe@example.org owner'));
    expect(await comptoir('owner', 'add', 'abel@example.org')).toEqual(done('abel@example.org owner'));
    expect(await comptoir('owner', 'list')).toEqual(done('abel@example.org owner', 'zoe@example.org owner'));
    expect(await comptoir('owner', 'remove', 'zoe@example.org')).toEqual(done('zoe@example.org owner removed'));
    expect(await comptoir('owner', 'remove', 'zoe@example.org')).toEqual(done('zoe@example.org owner was not granted'));
    expect(await comptoir('owner', 'list')).toEqual(done('abel@example.org owner'));
    const { rows } = await api.database.pool.query(
      `select l.what, a.email from audit_log l join attendee a on a.id = l.subject_id
       where coalesce(l.after, l.before) ->> 'role' = 'owner' order by l.id`,
    );
    expect(rows.map(({ what, email }) => `${what} ${email}`)).toEqual([
      'role-granted zoe@example.org',
      'role-granted abel@example.org',
      'role-revoked zoe@example.org',
    ]);
  });

  it.each([
    ['no address', ['add']],
    ['an invalid address', ['remove', 'nobody']],
    ['one argument too many', ['add', 'a@example.org', 'b@example.org']],
  ])('answers %s with one line and exit code 1', async (_, args) => {
    expect(await comptoir('owner', ...args)).toEqual({ code: 1, out: [], err: [expect.any(String)] });
  });
});

describe('npm run comptoir -- mail', () => {
  const enqueue = async (messages: number) => {
    await api.database.pool.query(
      `insert into outbox (kind, attendee_id) select 'confirmed', uuidv7() from generate_series(1, $1)`,
      [messages],
    );
  };
  const at = (PUBLIC_URL: string, ...args: string[]) =>
    comptoirIn({ DATABASE_URL: api.testDatabase.url, PUBLIC_URL }, 'mail', ...args);
  const HERE = 'https://comptoir.example';
  const COPY = 'https://copy.example';
  const on = (line: unknown) => ({ code: 0, out: ['Mail is on.', line], err: [] });
  const off = (reason: string, line: unknown) => ({
    code: 0,
    out: [expect.stringContaining(`Mail is off: ${reason}`), line],
    err: [],
  });
  const line = (start: string) =>
    expect.stringMatching(new RegExp(`^${start}, the oldest since \\d{4}-[-\\d:.TZ]+\\.$`));

  it('prints whether mail is on and how many messages wait, confirms an installation, and deletes waiting messages with --drop', async () => {
    await api.database.pool.query('truncate outbox, outbox_batch, installation cascade');
    for (const place of [HERE, COPY])
      expect(await at(place, 'status')).toEqual(off('no worker ran yet', 'Nothing is owed.'));
    await enqueue(1);
    expect(await at(HERE, 'on')).toEqual(on(line('1 message is owed')));
    await enqueue(2);
    expect(await at(HERE, 'status')).toEqual(on(line('3 messages are owed')));
    expect(await at(COPY, 'status')).toEqual(off('this database was confirmed', line('3 messages are owed')));
    expect(await at(COPY, 'on', '--drop')).toEqual(on(line('3 messages were deleted unsent')));
    expect(await at(COPY, 'status')).toEqual(on('Nothing is owed.'));
    const switchedOff = { DATABASE_URL: api.testDatabase.url, PUBLIC_URL: COPY, MAIL_OFF: '1' };
    expect(await comptoirIn(switchedOff, 'mail', 'status')).toEqual(off('MAIL_OFF is 1', 'Nothing is owed.'));
  });

  it('confirms no installation when PUBLIC_URL is not set', async () => {
    const { code, out, err } = await comptoirIn({ DATABASE_URL: api.testDatabase.url }, 'mail', 'on');
    expect([code, out, err]).toEqual([1, [], [expect.stringMatching(/^Set PUBLIC_URL/)]]);
    expect(await at(COPY, 'status')).toEqual(on('Nothing is owed.'));
  });

  it.each([
    ['the option --drop with status', ['status', '--drop']],
    ['an unknown option', ['on', '--all']],
  ])('answers %s with one line and exit code 1', async (_, args) => {
    expect(await at(HERE, ...args)).toEqual({ code: 1, out: [], err: [expect.stringMatching(/^Usage: /)] });
  });
});

describe('npm run comptoir with an embedded installation', () => {
  it('reports in one line that a data folder has no installation', async () => {
    const DATA_DIR = await folder();
    const { code, out, err } = await comptoirIn({ DATA_DIR }, 'people', 'list', '--event', slug);
    expect([code, out]).toEqual([1, []]);
    expect(err).toEqual([expect.stringMatching(/^There is no installation in .*: run npm start once/)]);
  });

  it('works while the servers run and while they are stopped, and releases the data folder', async () => {
    const DATA_DIR = await folder();
    const port = await freePort();
    await mkdir(DATA_DIR, { recursive: true });
    const server = await startPostgres({ folder: path.join(DATA_DIR, 'postgres'), port });
    await migrate(server.url('postgres'));
    const client = new pg.Client({ connectionString: server.url('postgres') });
    await client.connect();
    const event = await buildEvent(client, [{ seats: 1 }]);
    const here = (await client.query('select slug from event where id = $1', [event.eventId])).rows[0].slug;
    await client.end();
    await writeFile(path.join(DATA_DIR, 'secret'), `${SECRET}\n`);
    await writeFile(path.join(DATA_DIR, 'address'), 'http://localhost:4567\n');
    const command = (...args: string[]) => comptoirIn({ DATA_DIR }, 'people', ...args, '--event', here);

    expect(await command('grant', 'odile@example.org')).toEqual(done(`odile@example.org organiser ${here}`));
    await server.stop();
    expect(await command('list')).toEqual(done(`odile@example.org organiser ${here}`));
    const { out } = await command('link', 'odile@example.org');
    expect(out).toEqual([expect.stringMatching(/^http:\/\/localhost:4567\/sign-in\?token=/)]);
    expect(await command('revoke', 'odile@example.org')).toEqual(done(`odile@example.org organiser ${here} revoked`));
  });
});
