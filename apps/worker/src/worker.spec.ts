import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import pg from 'pg';
import { pino } from 'pino';
import { queues } from '#contract';
import { CHALLENGE_TTL_MINUTES } from '#identity';
import { openMailBudget, openRelay, workerNumber } from '#notifications';
import { type Database, openDatabase, type RunningApp, readConfiguration } from '#platform';
import { buildEvent, buildPeople } from '../../../test/support/build.ts';
import { openIdentity } from '../../../test/support/identity.ts';
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
import { openOutboxBatches } from '../../../test/support/outbox.ts';
import { startQuietServer } from '../../../test/support/quiet-server.ts';
import { openSeats, type Seats } from '../../../test/support/seats.ts';
import { startSmtpSink } from '../../../test/support/smtp-sink.ts';
import { startWorker } from './worker.ts';

let testDatabase: TestDatabase;
let database: Database;
let redis: TestRedis;
let mailbox: TestMailbox;
let seats: Seats;
let workers: RunningApp[] = [];
let metricsPorts: number[] = [];

beforeAll(async () => {
  [testDatabase, redis, mailbox] = await Promise.all([createTestDatabase(), startTestRedis(), startTestMailbox()]);
  database = openDatabase({ url: testDatabase.url, connectionsMax: 4, applicationName: 'worker-spec' });
  seats = openSeats({ database, holdTtlMinutes: 30 });
});

afterEach(async () => {
  await Promise.all(workers.map((worker) => worker.close()));
  workers = [];
  metricsPorts = [];
});

afterAll(async () => {
  await database.close();
  await Promise.all([testDatabase.drop(), redis.stop(), mailbox.stop()]);
});

async function work(smtpUrl = mailbox.url, redisUrl = redis.url, logger = pino({ level: 'silent' })): Promise<void> {
  const configuration = readConfiguration({
    DATABASE_URL: testDatabase.url,
    REDIS_URL: redisUrl,
    SMTP_URL: smtpUrl,
    APP_SECRET: 'a secret of thirty-two characters',
    WORKER_PORT: String(await freePort()),
    METRICS_PORT: String(await freePort()),
  });
  workers.push(await startWorker(configuration, logger));
  metricsPorts.push(configuration.METRICS_PORT ?? 0);
}

/** A start so late that no reminder is due, in minutes from now. */
const IN_SOME_DAYS = 3 * 24 * 60;

/** Creates a Café with `count` seated attendees. Returns their ids. */
async function seated(count: number, { capacity = 100, proved = true } = {}) {
  const { cafeIds } = await buildEvent(database.pool, [{ seats: capacity, startsAfterMinutes: IN_SOME_DAYS }]);
  const cafeId = cafeIds[0] as string;
  const people = await buildPeople(database.pool, count, { proved });
  const answers = await Promise.all(
    people.map((attendeeId) => seats.claims.claim({ cafeId, attendeeId, guest: !proved })),
  );
  const registrationIds = answers.map((answer) => ('registration' in answer ? answer.registration.id : ''));
  const found = await database.pool.query('select id, email from attendee where id = any ($1)', [people]);
  const addresses = new Map<string, string>(found.rows.map(({ id, email }) => [id, email]));
  return { cafeId, people, registrationIds, emails: people.map((id) => addresses.get(id) as string) };
}

const subjectsTo = (email: string) => mailbox.messagesTo(email).map(({ mail }) => mail.subject ?? '');

const waiting = `select from outbox where done_at is null union all select from outbox_batch`;

async function outboxDone(): Promise<void> {
  await waitFor(async () => (await database.pool.query(waiting)).rowCount === 0, { what: 'the outbox to be done' });
}

describe('the worker', () => {
  it('sends each message once and with a stable Message-ID, also when two workers run', async () => {
    await Promise.all([work(), work()]);
    const { emails } = await seated(30);
    await outboxDone();
    for (const email of emails) expect(subjectsTo(email)).toEqual(['Place confirmée : Café 1']);
    const ids = emails.map((email) => mailbox.messagesTo(email)[0]?.mail.messageId);
    const stored = await database.pool.query(
      `select '<' || message_id || '>' as id from email_delivery where status = 'sent'`,
    );
    expect(new Set(ids)).toEqual(new Set(stored.rows.map(({ id }) => id)));
  });

  it('delays messages and loses none while the mail server is unavailable', async () => {
    await mailbox.pause();
    await work();
    const { emails } = await seated(3);
    await waitFor(
      async () => (await database.pool.query(`select from email_delivery where status = 'deferred'`)).rowCount === 3,
      { what: 'three attempts that failed' },
    );
    await mailbox.resume();
    await outboxDone();
    for (const email of emails) expect(subjectsTo(email)).toHaveLength(1);
  });

  it('enqueues again the messages that Redis lost', async () => {
    const { emails } = await seated(3);
    // Enqueued long ago, and Redis has no job for it.
    await openOutboxBatches(database.pool);
    await database.pool.query(`update outbox set queued_at = now() - interval '1 hour' where done_at is null`);
    const client = new Redis(redis.url);
    await client.flushall();
    client.disconnect();
    await work();
    await outboxDone();
    for (const email of emails) expect(subjectsTo(email)).toHaveLength(1);
  });

  it('continues without a restart after Redis was unavailable', async () => {
    await work();
    await redis.pause();
    const { emails } = await seated(2);
    await redis.resume();
    await outboxDone();
    for (const email of emails) expect(subjectsTo(email)).toHaveLength(1);
  });

  it('continues without a restart after Redis refused its password', async () => {
    await work();
    const { emails } = await seated(2);
    await outboxDone();
    const operator = new Redis(redis.url);
    const password = new URL(redis.url).password;
    await operator.config('SET', 'requirepass', 'another');
    await operator.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
    const later = await seated(2);
    const refused = async () => /errorstat_WRONGPASS/.test(await operator.info('errorstats'));
    await waitFor(refused, { what: 'a connection to be refused' });
    await operator.config('SET', 'requirepass', password);
    operator.disconnect();
    await outboxDone();
    for (const email of [...emails, ...later.emails]) expect(subjectsTo(email)).toHaveLength(1);
  });

  it('ignores and removes forged jobs, and sends the messages of the outbox', async () => {
    const connection = new Redis(redis.url);
    const [mails, tasks] = [queues.mail.name, queues.scheduled.name].map(
      (name) => new Queue(name, { connection, skipVersionCheck: true }),
    ) as [Queue, Queue];
    const { emails, registrationIds } = await seated(2);
    await openOutboxBatches(database.pool);
    const { rows } = await database.pool.query('select id from outbox where registration_id = any ($1)', [
      registrationIds,
    ]);
    const unknown = '01920000-0000-7000-8000-000000000001';
    const payloads = [{}, { outboxId: 7 }, { outboxId: 'x' }, { outboxId: unknown, to: 'a@b.org' }, 'text', null];
    for (const data of payloads) await mails.add('send', data, { attempts: 100_000 });
    await mails.add('send', { outboxId: unknown }, { jobId: unknown, attempts: 100_000 });
    // For a message of the outbox with the id of another one, and several times with its own id.
    await mails.add('send', { outboxId: rows[0].id }, { jobId: 'another' });
    for (let again = 0; again < 3; again++) await mails.add('send', { outboxId: rows[0].id }, { jobId: rows[0].id });
    for (const data of [{}, { task: 'constructor' }, { task: 'drop' }])
      await tasks.add('x', data, { attempts: 100_000 });
    await work();
    await outboxDone();
    const left = async () => {
      const [mail, scheduled] = await Promise.all([
        mails.getJobCounts(),
        tasks.getJobCounts('failed', 'completed', 'wait'),
      ]);
      return [...Object.values(mail), ...Object.values(scheduled)].reduce((sum, count) => sum + count, 0);
    };
    await waitFor(async () => (await left()) === 0, { what: 'every forged job to be gone' });
    for (const email of emails) expect(subjectsTo(email)).toHaveLength(1);
    connection.disconnect();
  });

  it('gives up a message that the mail server refuses permanently, and stores the reason without the address', async () => {
    mailbox.refuseWith = 550;
    await work();
    const { registrationIds } = await seated(1);
    await outboxDone();
    mailbox.refuseWith = undefined;
    const stored = await database.pool.query(
      'select d.status, d.last_fault from email_delivery d join outbox o on o.id = d.outbox_id where o.registration_id = $1',
      [registrationIds[0]],
    );
    expect(stored.rows).toEqual([
      { status: 'bounced', last_fault: expect.stringMatching(/550.*<…>: refused by the test/) },
    ]);
  });

  it('retries for a day from the first attempt, whatever the delay before it', async () => {
    const { registrationIds } = await seated(1);
    await openOutboxBatches(database.pool);
    const about = [registrationIds[0]];
    const delivery = async () => {
      const found = await database.pool.query(
        'select d.status from email_delivery d join outbox o on o.id = d.outbox_id where o.registration_id = $1',
        about,
      );
      return found.rows[0]?.status;
    };
    const wait = (days: number) =>
      database.pool.query(
        'update outbox set created_at = created_at - make_interval(days => $2) where registration_id = $1',
        [...about, days],
      );
    await wait(2);
    mailbox.refuseWith = 451;
    await work();
    await waitFor(async () => (await delivery()) !== undefined, { what: 'the first attempt' });
    await waitFor(async () => (await delivery()) !== 'queued', { what: 'its end' });
    expect(await delivery()).toBe('deferred');
    await wait(1);
    await waitFor(async () => (await delivery()) === 'bounced', { what: 'the end of the day' });
    mailbox.refuseWith = undefined;
  });

  it('keeps a message of an unknown kind in the outbox, logs an error, and sends the other messages', async () => {
    // A newer build migrated the database.
    await database.pool.query(`alter type mail_kind add value if not exists 'from-a-newer-build'`);
    const { people, emails } = await seated(1);
    const errors: object[] = [];
    const logger = pino({ level: 'error' }, { write: (line: string) => errors.push(JSON.parse(line)) });
    const made = await database.pool.query(
      `insert into outbox (kind, attendee_id) values ('from-a-newer-build', $1) returning id`,
      people,
    );
    const [{ id }] = made.rows;
    // Any other message would be given up after a day of attempts.
    await database.pool.query(
      `insert into email_delivery (outbox_id, message_id, attempts) values ($1::uuid, $1::uuid || '@localhost', 7)`,
      [id],
    );
    await database.pool.query(`update outbox set created_at = now() - interval '3 days' where id = $1`, [id]);
    const delivery = async () =>
      (
        await database.pool.query(
          'select d.status, d.last_fault, o.done_at from outbox o left join email_delivery d on d.outbox_id = o.id where o.id = $1',
          [id],
        )
      ).rows[0];
    await work(mailbox.url, redis.url, logger);
    await waitFor(async () => (await delivery()).status === 'deferred', { what: 'an attempt' });
    expect(await delivery()).toEqual({
      status: 'deferred',
      last_fault: 'the message kind from-a-newer-build is unknown to this build',
      done_at: null,
    });
    expect(errors).toMatchObject([{ kind: 'from-a-newer-build' }]);
    await mailbox.waitForMail(({ to }) => to.includes(emails[0] as string));
    await database.pool.query('delete from outbox where id = $1', [id]);
  });

  describe('a budget of mails to addresses that are not proved', () => {
    const waiting = () =>
      database.pool.query(`select outbox_id, attempts, last_fault from email_delivery where status = 'deferred'`);
    /** Begins the next hour: the waiting messages are due, and the counted hour is in the past. */
    async function nextHour(): Promise<void> {
      await database.pool.query(`update mail_budget set hour = hour - interval '1 hour'`);
      const connection = new Redis(redis.url);
      const queue = new Queue(queues.mail.name, { connection, skipVersionCheck: true });
      for (const job of await queue.getDelayed()) await job.promote();
      await queue.close();
      connection.disconnect();
    }
    const ALL_EVENTS = '00000000-0000-0000-0000-000000000000';
    const useUp = (eventId: string, messages: number) =>
      database.pool.query(
        `insert into mail_budget values ($1, date_trunc('hour', now(), 'UTC'), $2)
         on conflict (subject_id, hour) do update set messages = $2`,
        [eventId, messages],
      );
    /** Extends holds, so that the test does not depend on the minute of the hour. */
    const keepUntilTomorrow = (registrationIds: string[]) =>
      database.pool.query(`update registration set expires_at = now() + interval '1 day' where id = any ($1)`, [
        registrationIds,
      ]);
    const eventOf = async (cafeId: string): Promise<string> =>
      (await database.pool.query('select event_id from cafe where id = $1', [cafeId])).rows[0].event_id;

    it('defers them to the next hour over several workers, and delays no mail to a proved address', async () => {
      const strangers = await seated(40, { capacity: 100, proved: false });
      await keepUntilTomorrow(strangers.registrationIds);
      const eventId = await eventOf(strangers.cafeId);
      // Claims without a session may use three quarters of 1,000 messages: ten are left.
      await useUp(eventId, 750 - 10);
      await Promise.all([work(), work()]);
      await waitFor(async () => (await waiting()).rowCount === 30, { what: 'thirty messages to wait' });
      const [proved = ''] = await buildPeople(database.pool, 1);
      await seats.claims.claim({ cafeId: strangers.cafeId, attendeeId: proved, guest: false });
      const email = (await database.pool.query('select email from attendee where id = $1', [proved])).rows[0].email;
      await mailbox.waitForMail(({ to }) => to.includes(email));
      const sentTo = () => strangers.emails.filter((each) => subjectsTo(each).length > 0).length;
      await waitFor(() => sentTo() === 10, { what: 'ten messages to be sent' });
      for (const row of (await waiting()).rows) {
        expect(row.attempts).toBe(0);
        expect(row.last_fault).toContain('have reached their number for this hour');
      }
      expect(
        (await database.pool.query('select messages from mail_budget where subject_id = $1', [eventId])).rows,
      ).toEqual([{ messages: 750 }]);
      const [port = 0] = metricsPorts;
      const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
      expect(metrics).toMatch(/^comptoir_mail_budget_deferred_total(?:\{[^}]*\})? [1-9]/m);
      await nextHour();
      await outboxDone();
      expect(sentTo()).toBe(40);
    });

    it('enqueues again the messages that wait for their hour when Redis lost them', async () => {
      const { cafeId, emails, registrationIds } = await seated(2, { proved: false });
      await keepUntilTomorrow(registrationIds);
      await useUp(await eventOf(cafeId), 1_000);
      await work();
      await waitFor(async () => (await waiting()).rowCount === 2, { what: 'both messages to wait' });
      const client = new Redis(redis.url);
      await client.flushall();
      client.disconnect();
      await database.pool.query(`update mail_budget set hour = hour - interval '1 hour'`);
      await outboxDone();
      for (const email of emails) expect(subjectsTo(email)).toHaveLength(1);
    });

    it('does not send a message whose hold ended before the budget was available', async () => {
      const { cafeId, emails, registrationIds } = await seated(1, { proved: false });
      await keepUntilTomorrow(registrationIds);
      await useUp(await eventOf(cafeId), 1_000);
      await work();
      await waitFor(async () => (await waiting()).rowCount === 1, { what: 'the message to wait' });
      await database.pool.query('update registration set expires_at = now() where id = $1', [registrationIds[0]]);
      await waitFor(async () => (await seats.reads.registration(registrationIds[0] as string))?.status === 'expired', {
        what: 'the hold to end',
      });
      await nextHour();
      await outboxDone();
      expect(subjectsTo(emails[0] as string).filter((subject) => subject.startsWith('Confirmez'))).toEqual([]);
    });

    it('is separate for sign-in mails, which are counted when they are enqueued, so that they are always sent', async () => {
      const people = openIdentity({
        database,
        secret: 'a secret of thirty-two characters',
        publicUrl: 'http://pages.test',
      });
      const [known = ''] = await buildPeople(database.pool, 1);
      const email = (await database.pool.query('select email from attendee where id = $1', [known])).rows[0].email;
      const unknown = 'nobody-yet@example.org';
      expect((await people.signIn.ask({ email: unknown })).again).toBeUndefined();
      await useUp(ALL_EVENTS, 1_000_000);
      expect((await people.signIn.ask({ email })).again).toBeDefined();
      expect((await people.signIn.ask({ email: 'too-late@example.org' })).again).toBeDefined();
      await work();
      await mailbox.waitForMail(({ to }) => to.includes(email));
      await mailbox.waitForMail(({ to }) => to.includes(unknown));
      await outboxDone();
      expect(subjectsTo('too-late@example.org')).toEqual([]);
      await nextHour();
      expect((await people.signIn.ask({ email: 'too-late@example.org' })).again).toBeUndefined();
      await mailbox.waitForMail(({ to }) => to.includes('too-late@example.org'));
    });

    it('is not used by mails with a code that would be late, or that exceed the limit of one mailbox', async () => {
      const late = await seated(1, { proved: false });
      await database.pool.query(`update registration set expires_at = now() where id = any ($1)`, [
        late.registrationIds,
      ]);
      await useUp(await eventOf(late.cafeId), 1_000);
      const [one = '', ...more] = await buildPeople(database.pool, 7, { proved: false });
      for (const [at, id] of [one, ...more].entries()) {
        await database.pool.query('update attendee set email = $2 where id = $1', [
          id,
          `one.mailbox+${at}@example.org`,
        ]);
      }
      const { cafeIds } = await buildEvent(database.pool, [{ seats: 100, startsAfterMinutes: IN_SOME_DAYS }]);
      for (const attendeeId of [one, ...more]) {
        await seats.claims.claim({ cafeId: cafeIds[0] as string, attendeeId, guest: true });
      }
      await Promise.all([work(), work()]);
      await outboxDone();
      expect(subjectsTo(late.emails[0] as string)).toEqual([]);
      const sent = [one, ...more].map((_, at) => subjectsTo(`one.mailbox+${at}@example.org`).length);
      expect(sent.reduce((sum, each) => sum + each)).toBe(6);
      const eventId = await eventOf(cafeIds[0] as string);
      const counted = await database.pool.query('select messages from mail_budget where subject_id = $1', [eventId]);
      expect(counted.rows).toEqual([{ messages: 6 }]);
    });

    it('counts each message once, also with several attempts, and when many are counted simultaneously', async () => {
      const { cafeId } = await seated(1, { capacity: 260 });
      const eventId = await eventOf(cafeId);
      const budget = openMailBudget({ database });
      const ids = (await database.pool.query('select array_agg(uuidv7()) as ids from generate_series(1, 1090)')).rows[0]
        .ids as string[];
      const take = (outboxId: string) => budget.take({ outboxId, kind: 'confirmed' }, eventId);
      // Four messages for each of 260 seats.
      const waits = await Promise.all(ids.map(take));
      expect(waits.filter((waitMs) => waitMs === undefined)).toHaveLength(1040);
      for (const waitMs of waits) if (waitMs !== undefined) expect(waitMs).toBeLessThanOrEqual(3_600_000);
      await database.pool.query(`insert into outbox (id, kind, done_at) values ($1, 'confirmed', now())`, [ids[0]]);
      await database.pool.query(
        `insert into email_delivery (outbox_id, message_id, status, budget_hour) values ($1::uuid, $1::uuid || '@localhost', 'sent', now())`,
        [ids[0]],
      );
      expect(await take(ids[0] as string)).toBeUndefined();
    });

    it('deletes the counts of an hour after two days', async () => {
      const { cafeId } = await seated(1);
      const eventId = await eventOf(cafeId);
      await database.pool.query(
        `insert into mail_budget select $1, date_trunc('hour', now(), 'UTC') - make_interval(hours => hours), 1 from unnest('{47,49}'::integer[]) hours`,
        [eventId],
      );
      await openMailBudget({ database }).take({ outboxId: eventId, kind: 'thanks' }, eventId);
      const stored = await database.pool.query('select from mail_budget where subject_id = $1', [eventId]);
      expect(stored.rowCount).toBe(2);
    });
  });

  it('sends a code that is valid by the clock of the database when the clock of the worker is wrong', async () => {
    const people = openIdentity({
      database,
      secret: 'a secret of thirty-two characters',
      publicUrl: 'http://pages.test',
    });
    const rightNow = Date.now;
    Date.now = () => rightNow() + (CHALLENGE_TTL_MINUTES + 1) * 60_000;
    try {
      await people.signIn.ask({ email: 'clock@example.org' });
      await work();
      await mailbox.waitForMail(({ to }) => to.includes('clock@example.org'));
    } finally {
      Date.now = rightNow;
    }
  });

  it('sends a message again, with the same Message-ID, if a dead worker did not record it', async () => {
    const { registrationIds, emails } = await seated(1);
    await openOutboxBatches(database.pool);
    const outbox = await database.pool.query('select id from outbox where registration_id = $1', [registrationIds[0]]);
    const messageId = `${outbox.rows[0].id}@localhost`;
    await database.pool.query(
      `insert into email_delivery (outbox_id, message_id, attempts, leased_by, leased_until)
       values ($1, $2, 1, 4243, now() - interval '1 second')`,
      [outbox.rows[0].id, messageId],
    );
    await work();
    await outboxDone();
    expect(mailbox.messagesTo(emails[0] as string).map(({ mail }) => mail.messageId)).toEqual([`<${messageId}>`]);
  });

  it('does not take a message from another worker as long as that worker lives', async () => {
    const { registrationIds, emails } = await seated(1);
    await openOutboxBatches(database.pool);
    const outbox = await database.pool.query('select id from outbox where registration_id = $1', [registrationIds[0]]);
    await database.pool.query(
      `insert into email_delivery (outbox_id, message_id, attempts, leased_by, leased_until)
       values ($1::uuid, $1::uuid || '@localhost', 1, 4242, now() - interval '1 hour')`,
      [outbox.rows[0].id],
    );
    const other = new pg.Client({ connectionString: testDatabase.url });
    await other.connect();
    await other.query('select pg_advisory_lock(outbox_worker_lock(), 4242)');
    await work();
    const redisConnection = new Redis(redis.url);
    const mailQueue = new Queue(queues.mail.name, { connection: redisConnection, skipVersionCheck: true });
    await waitFor(async () => (await mailQueue.getDelayedCount()) === 1, { what: 'a failed attempt' });
    expect(subjectsTo(emails[0] as string)).toEqual([]);
    await other.end();
    await outboxDone();
    expect(subjectsTo(emails[0] as string)).toHaveLength(1);
    redisConnection.disconnect();
  });

  it('stops in time when the mail server does not answer, and releases the leases of its messages', async () => {
    const sink = await startSmtpSink();
    sink.behaviour.answerDelayMs = 120_000;
    await work(sink.url);
    const { emails } = await seated(2);
    const leased = () => database.pool.query('select from email_delivery where leased_by is not null');
    await waitFor(async () => (await leased()).rowCount === 2, { what: 'both to be leased' });
    const began = performance.now();
    await workers.pop()?.close();
    // The worker waits for six seconds; an SMTP connection waits for ten minutes.
    expect(performance.now() - began).toBeLessThan(30_000);
    expect((await leased()).rowCount).toBe(0);
    await work();
    await outboxDone();
    for (const email of emails) expect(subjectsTo(email)).toHaveLength(1);
    await sink.stop();
  });

  it('keeps one scheduler for each task over all workers, removes others, and creates them again after Redis was emptied', async () => {
    const connection = new Redis(redis.url);
    const queue = new Queue(queues.scheduled.name, { connection, skipVersionCheck: true });
    await queue.upsertJobScheduler('of-an-earlier-build', { every: 60_000 });
    await Promise.all([work(), work()]);
    const scheduled = async () => (await queue.getJobSchedulers()).map(({ key }) => key).sort();
    const tasks = ['enqueue-due-mail', 'expire-seats', 'tidy-mail'];
    const made = async () => JSON.stringify(await scheduled()) === JSON.stringify(tasks);
    await waitFor(made, { what: 'the schedules' });
    await connection.flushall();
    await waitFor(made, { what: 'the schedules again' });
    connection.disconnect();
  });

  it('asks a known attendee to confirm a seat, and a waitlist place, that was taken without signing in', async () => {
    await work();
    const { cafeIds } = await buildEvent(database.pool, [
      { seats: 1, startsAfterMinutes: IN_SOME_DAYS },
      { seats: 0, startsAfterMinutes: IN_SOME_DAYS },
    ]);
    const [known = ''] = await buildPeople(database.pool, 1);
    for (const cafeId of cafeIds) await seats.claims.claim({ cafeId, attendeeId: known, guest: true });
    await outboxDone();
    const email = (await database.pool.query('select email from attendee where id = $1', [known])).rows[0].email;
    const texts = mailbox.messagesTo(email).map(({ mail }) => mail.text ?? '');
    expect(texts.filter((text) => /\b\d{6}\b|\b\d{3} \d{3}\b/.test(text))).toHaveLength(2);
    expect(texts).toHaveLength(2);
    expect(texts.join()).toContain('Vous êtes en liste d’attente');
  });

  it('ends a hold in time while Redis is unavailable', async () => {
    await work();
    const { registrationIds } = await seated(1, { capacity: 1, proved: false });
    await redis.pause();
    await database.pool.query('update registration set expires_at = now() where id = $1', [registrationIds[0]]);
    await waitFor(async () => (await seats.reads.registration(registrationIds[0] as string))?.status === 'expired', {
      what: 'the hold to end',
    });
    await redis.resume();
  });

  it('ends a hold in time while Redis accepts commands and does not answer', async () => {
    // From the first check of the schedulers on.
    const quietRedis = await startQuietServer(redis.url, (request) => request.includes(':repeat'));
    try {
      await work(mailbox.url, quietRedis.url);
      const { registrationIds } = await seated(1, { capacity: 1, proved: false });
      await waitFor(() => quietRedis.quiet, { what: 'Redis to stop answering' });
      await database.pool.query('update registration set expires_at = now() where id = $1', [registrationIds[0]]);
      await waitFor(async () => (await seats.reads.registration(registrationIds[0] as string))?.status === 'expired', {
        what: 'the hold to end',
      });
    } finally {
      quietRedis.resume();
      await workers.pop()?.close();
      await quietRedis.close();
    }
  });

  it('enqueues the messages of another relay whose Redis stopped answering', async () => {
    // In the time between adding the jobs and checking whether Redis was emptied.
    let given = false;
    const quietRedis = await startQuietServer(redis.url, (request) => {
      given ||= /evalsha?\r/.test(request);
      return given && request.includes('comptoir:outbox:mark');
    });
    const [stuck, other] = [quietRedis.url, redis.url].map((redisUrl) => {
      const logger = pino({ level: 'silent' });
      return openRelay({ database, databaseUrl: testDatabase.url, redisUrl, worker: workerNumber(), logger });
    });
    try {
      await seated(2);
      stuck?.start();
      await waitFor(() => quietRedis.quiet, { what: 'Redis to stop answering' });
      other?.start();
      const waiting = () =>
        database.pool.query(
          'select from outbox where queued_at is null and done_at is null union all select from outbox_batch',
        );
      await waitFor(async () => (await waiting()).rowCount === 0, { what: 'all messages to be enqueued' });
    } finally {
      quietRedis.resume();
      await Promise.all([stuck?.close(), other?.close()]);
      await quietRedis.close();
    }
  });

  it('ends a hold in time, gives its seat to the next person and sends a mail to that person', async () => {
    await work();
    const held = await seated(1, { capacity: 1, proved: false });
    const [next = ''] = await buildPeople(database.pool, 1);
    await seats.claims.claim({ cafeId: held.cafeId, attendeeId: next, guest: false });
    await database.pool.query('update registration set expires_at = now() where id = $1', [held.registrationIds[0]]);
    await waitFor(
      async () => (await seats.reads.registration(held.registrationIds[0] as string))?.status === 'expired',
      {
        what: 'the hold to end',
      },
    );
    await outboxDone();
    const email = (await database.pool.query('select email from attendee where id = $1', [next])).rows[0].email;
    expect(subjectsTo(email).at(-1)).toContain('Une place s’est libérée pour vous');
  });
});
