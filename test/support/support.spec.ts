import { afterAll, describe, expect, it } from '@jest/globals';
import { createTransport } from 'nodemailer';
import pg from 'pg';
import { createTestDatabase, startTestMailbox, startTestRedis, waitFor } from './index.ts';

describe('the servers of the tests', () => {
  const endings: (() => Promise<unknown>)[] = [];
  afterAll(async () => {
    for (const end of endings.reverse()) await end();
  });

  it('give each test a migrated database that other tests do not see', async () => {
    const [one, other] = await Promise.all([createTestDatabase(), createTestDatabase()]);
    endings.push(one.drop, other.drop);
    const clients = [one, other].map((database) => new pg.Client({ connectionString: database.url }));
    for (const client of clients) await client.connect();
    await clients[0]?.query(
      `insert into event (slug, title, time_zone, starts_at, ends_at, locales)
       values ('a', '{}', 'Europe/Paris', '2026-01-01', '2026-01-02', '{fr}')`,
    );
    const counts = await Promise.all(clients.map((client) => client.query('select count(*)::int as n from event')));
    expect(counts.map((count) => count.rows[0].n)).toEqual([1, 0]);
    for (const client of clients) await client.end();
  });

  it('give a Redis that keeps its data over an outage', async () => {
    const { Redis } = await import('ioredis');
    const server = await startTestRedis();
    endings.push(server.stop);
    const redis = new Redis(server.url, { maxRetriesPerRequest: null });
    redis.on('error', () => {});
    endings.push(async () => redis.disconnect());
    await redis.set('kept', 'yes');
    await server.pause();
    await server.resume();
    expect(await redis.get('kept')).toBe('yes');
  });

  it('give a mailbox that stores messages, refuses them, and is unavailable on command', async () => {
    const mailbox = await startTestMailbox();
    endings.push(mailbox.stop);
    const transport = createTransport(mailbox.url);
    const send = (subject: string) =>
      transport.sendMail({ from: 'a@example.org', to: 'b@example.org', subject, text: 'x' });
    await send('first');
    const first = await mailbox.waitForMail(({ mail }) => mail.subject === 'first');
    expect(first.to).toEqual(['b@example.org']);
    mailbox.refuseWith = 450;
    await expect(send('second')).rejects.toMatchObject({ responseCode: 450 });
    mailbox.refuseWith = undefined;
    await mailbox.pause();
    await expect(send('third')).rejects.toThrow();
    await mailbox.resume();
    await send('fourth');
    expect(mailbox.messages.map(({ mail }) => mail.subject)).toEqual(['first', 'fourth']);
  });

  it('wait for a condition, and name it when the time is over', async () => {
    let calls = 0;
    await expect(waitFor(() => ++calls > 2, { what: 'three calls' })).resolves.toBe(true);
    await expect(waitFor(() => false, { withinMs: 30, what: 'the impossible' })).rejects.toThrow('the impossible');
  });
});
