import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { pino } from 'pino';
import { openMailSwitch } from '#notifications';
import { openDatabase, type RunningApp, readConfiguration } from '#platform';
import { buildPeople } from '../../../test/support/build.ts';
import {
  createTestDatabase,
  freePort,
  startTestMailbox,
  startTestRedis,
  type TestDatabase,
  type TestMailbox,
  type TestRedis,
  waitFor,
} from '../../../test/support/index.ts';
import { startWorker } from './worker.ts';

let testDatabase: TestDatabase;
let redis: TestRedis;
let mailbox: TestMailbox;
const endings: (() => Promise<unknown> | unknown)[] = [];

beforeAll(async () => {
  [testDatabase, redis, mailbox] = await Promise.all([createTestDatabase(), startTestRedis(), startTestMailbox()]);
});
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});
afterAll(() => Promise.all([testDatabase.drop(), redis.stop(), mailbox.stop()]));

/** A worker, with its probes and metrics. */
async function work(environment: Record<string, string> = {}) {
  const [port, metricsPort] = [await freePort(), await freePort()];
  const lines: string[] = [];
  const configuration = readConfiguration({
    DATABASE_URL: testDatabase.url,
    REDIS_URL: redis.url,
    SMTP_URL: mailbox.url,
    APP_SECRET: 'a secret of thirty-two characters',
    WORKER_PORT: String(port),
    METRICS_PORT: String(metricsPort),
    ...environment,
  });
  const worker: RunningApp = await startWorker(configuration, pino({}, { write: (line) => void lines.push(line) }));
  endings.push(() => worker.close());
  const ready = async () => {
    const answer = await fetch(`http://127.0.0.1:${port}/health/ready`);
    const { status, parts } = (await answer.json()) as { status: string; parts: Record<string, string> };
    return { code: answer.status, status, parts };
  };
  return {
    lines,
    ready,
    /** Waits until a part is in this state, and returns the answer. */
    readyWith: (part: string, state: string) =>
      waitFor(
        async () => {
          const now = await ready();
          return now.parts[part] === state && now;
        },
        { what: `${part} to be ${state}` },
      ),
    live: async () => (await fetch(`http://127.0.0.1:${port}/health/live`)).status,
    metrics: async () => (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text(),
  };
}

it('is ready if all parts are', async () => {
  const worker = await work();
  await worker.readyWith('redis', 'ok');
  expect(await worker.ready()).toEqual({
    code: 200,
    status: 'ok',
    parts: { database: 'ok', schema: 'ok', redis: 'ok', relay: 'ok', mail: 'ok' },
  });
});

it('reports the part that is unavailable, and still serves its metrics', async () => {
  const worker = await work({ DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' });
  await worker.readyWith('redis', 'ok');
  await worker.readyWith('relay', 'away');
  expect(await worker.ready()).toMatchObject({
    code: 503,
    status: 'unavailable',
    parts: { database: 'away', redis: 'ok', relay: 'away' },
  });
  expect(await worker.live()).toBe(200);
  expect(await worker.metrics()).toContain('comptoir_mail_total');
});

it('is unavailable on a Redis cluster, on which nothing can be enqueued', async () => {
  const cluster = await startTestRedis({ 'cluster-enabled': 'yes' });
  endings.push(() => cluster.stop());
  const operator = new Redis(cluster.url);
  endings.push(() => operator.disconnect());
  // Half of the slots: commands on other keys are answered MOVED or CLUSTERDOWN.
  await operator.call('cluster', 'addslotsrange', '0', '8191');
  const worker = await work({ REDIS_URL: cluster.url });
  const ready = await worker.readyWith('relay', 'cluster');
  expect(ready).toMatchObject({ code: 503, status: 'unavailable', parts: { redis: 'cluster', relay: 'cluster' } });
});

it('is degraded on a Redis that evicts keys, and logs it at the start', async () => {
  const evicting = await startTestRedis({ 'maxmemory-policy': 'allkeys-lru' });
  endings.push(() => evicting.stop());
  const worker = await work({ REDIS_URL: evicting.url });
  expect(await worker.readyWith('redis', 'evicts')).toMatchObject({ code: 200, status: 'degraded' });
  await waitFor(() => worker.lines.some((line) => line.includes('maxmemory-policy allkeys-lru')), { what: 'the line' });
});

it('is degraded while the mail server refuses the sign-in, or is unavailable, and detects that without a message', async () => {
  const refusing = net.createServer((socket) => socket.end('554 not today\r\n'));
  await once(refusing.listen(0, '127.0.0.1'), 'listening');
  endings.push(() => refusing.close());
  const refused = await work({ SMTP_URL: `smtp://127.0.0.1:${(refusing.address() as AddressInfo).port}` });
  expect(await refused.readyWith('mail', 'refuses')).toMatchObject({ code: 200, status: 'degraded' });
  expect(refused.lines.join()).toContain('the mail server does not accept messages');
  const away = await work({ SMTP_URL: `smtp://127.0.0.1:${await freePort()}` });
  expect(await away.readyWith('mail', 'away')).toMatchObject({ code: 200, status: 'degraded' });
});

it('reports in the first scrape how long the oldest message waits', async () => {
  const database = openDatabase({ url: testDatabase.url, connectionsMax: 1, applicationName: 'health-spec' });
  endings.push(() => database.close());
  const { rows } = await database.pool.query(
    `insert into outbox (kind, attendee_id, created_at, queued_at) values ('confirmed', uuidv7(), now() - interval '1 hour', now()) returning id`,
  );
  endings.push(() => database.pool.query('delete from outbox where id = $1', [rows[0].id]));
  const worker = await work({ MAIL_FROM: 'Comptoir <comptoir@localhost>' });
  const first = /^comptoir_mail_oldest_seconds\S* (\d+)/m.exec(await worker.metrics());
  expect(Number(first?.[1])).toBeGreaterThanOrEqual(3_600);
});

describe('a worker on a database that was confirmed for another place', () => {
  it('sends nothing, reports it in log, health and metrics, and sends the messages of the outbox after the confirmation', async () => {
    const database = openDatabase({ url: testDatabase.url, connectionsMax: 2, applicationName: 'health-spec' });
    endings.push(() => database.close());
    const PUBLIC_URL = 'https://restored.example.org';
    await database.pool.query(
      `insert into installation (place) values ('the original') on conflict (only_row) do update set place = excluded.place`,
    );
    const [person = ''] = await buildPeople(database.pool, 1);
    const enqueued = await database.pool.query(
      `insert into outbox (kind, attendee_id) values ('confirmed', $1) returning id`,
      [person],
    );
    // A copy of Redis contains jobs as well.
    const queue = new Queue('mail', { connection: { url: redis.url } as never });
    endings.push(() => queue.close());
    await queue.add(
      'send',
      { outboxId: enqueued.rows[0].id },
      { jobId: enqueued.rows[0].id, attempts: 100, backoff: { type: 'custom' } },
    );
    const worker = await work({ PUBLIC_URL });
    const ready = await worker.readyWith('mail', 'off');
    expect(ready).toMatchObject({ code: 200, status: 'degraded' });
    expect(worker.lines.join()).toContain('npm run comptoir -- mail on');
    expect(await worker.metrics()).toMatch(/^comptoir_mail_off\S* 1$/m);
    await waitFor(async () => (await queue.getDelayedCount()) === 1, { what: 'the job of the copy to be put back' });
    const state = () =>
      database.pool.query('select queued_at, done_at from outbox where id = $1', [enqueued.rows[0].id]);
    expect((await state()).rows).toEqual([{ queued_at: null, done_at: null }]);
    expect(
      (await database.pool.query('select from email_delivery where outbox_id = $1', [enqueued.rows[0].id])).rowCount,
    ).toBe(0);
    const place = { PUBLIC_URL, INSTALLATION: '', MAIL_OFF: false };
    await openMailSwitch({ database, place }).confirm();
    await worker.readyWith('mail', 'ok');
    await waitFor(async () => (await state()).rows[0].done_at !== null, { what: 'the message to be done' });
    expect(await worker.metrics()).toMatch(/^comptoir_mail_off\S* 0$/m);
  });
});
