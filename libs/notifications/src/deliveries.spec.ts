import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { MailKind } from '#contract';
import { type Database, openDatabase } from '#platform';
import { createTestDatabase, type TestDatabase } from '../../../test/support/index.ts';
import { openDeliveries } from './deliveries.ts';
import { openOutbox } from './outbox.ts';
import { UnknownMailKind } from './outbox-mail.ts';

const [OURS, OTHER] = [11, 12];
let testDatabase: TestDatabase;
let database: Database;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
  database = openDatabase({ url: testDatabase.url, connectionsMax: 4, applicationName: 'deliveries-spec' });
});
afterAll(async () => {
  await database.close();
  await testDatabase.drop();
});
beforeEach(() => database.pool.query('truncate outbox, outbox_batch, sent_mail_count cascade'));

const deliveriesOf = (worker: number) => openDeliveries({ database, domain: 'localhost', worker });

async function addMessage(kind = 'confirmed'): Promise<string> {
  const made = await database.pool.query('insert into outbox (kind, attendee_id) values ($1, uuidv7()) returning id', [
    kind,
  ]);
  return made.rows[0].id;
}

/** Another worker takes over the lease of a worker that ended. */
async function takeOver(outboxId: string): Promise<void> {
  await database.pool.query(`update email_delivery set leased_until = now() - interval '1 second'`);
  await deliveriesOf(OTHER).take(outboxId);
}

async function stateOf(outboxId: string) {
  const found = await database.pool.query(
    `select d.status, d.leased_by, o.done_at is not null as done
     from outbox o left join email_delivery d on d.outbox_id = o.id where o.id = $1`,
    [outboxId],
  );
  return found.rows[0];
}

const NO_EVENT = undefined;

describe('the record of a worker that lost its lease', () => {
  const stillTheirs = { status: 'queued', leased_by: OTHER, done: false };

  it('does not count when it records that the message was given up, deferred or out of date', async () => {
    const outboxId = await addMessage();
    await deliveriesOf(OURS).take(outboxId);
    await takeOver(outboxId);
    expect(await deliveriesOf(OURS).bounced(outboxId, '550 no', NO_EVENT)).toBe(false);
    expect(await stateOf(outboxId)).toEqual(stillTheirs);
    expect(await deliveriesOf(OURS).overtaken(outboxId)).toBe(false);
    expect(await stateOf(outboxId)).toEqual(stillTheirs);
    await deliveriesOf(OURS).deferred(outboxId, 'later');
    expect(await stateOf(outboxId)).toEqual(stillTheirs);
  });

  it('counts when it records that the message was sent', async () => {
    const outboxId = await addMessage();
    await deliveriesOf(OURS).take(outboxId);
    await takeOver(outboxId);
    await deliveriesOf(OURS).sent(outboxId);
    expect(await stateOf(outboxId)).toEqual({ status: 'sent', leased_by: null, done: true });
  });
});

describe('a message that is given up', () => {
  it('is shown to the organisers of its event, and counted', async () => {
    const outboxId = await addMessage();
    const eventId = '01920000-0000-7000-8000-000000000001';
    await deliveriesOf(OURS).take(outboxId);
    expect(await deliveriesOf(OURS).bounced(outboxId, '550 no', eventId)).toBe(true);
    const outbox = openOutbox({ database });
    expect(await outbox.undelivered(eventId)).toMatchObject([{ outboxId, kind: 'confirmed', reason: '550 no' }]);
    expect(await outbox.counts()).toEqual({ sent: 0, waiting: 0, failed: 1 });
  });
});

describe('the kinds of messages', () => {
  it('are the same in the contract and in the database', async () => {
    const found = await database.pool.query('select unnest(enum_range(null::mail_kind))::text as kind order by 1');
    expect(found.rows.map(({ kind }) => kind)).toEqual([...MailKind.options].sort());
  });

  it('are each listed by the name in the contract', async () => {
    const attendeeId = '01920000-0000-7000-8000-000000000002';
    for (const kind of MailKind.options) {
      await database.pool.query(
        `with message as (insert into outbox (kind, attendee_id) values ($1, $2) returning id)
         insert into email_delivery (outbox_id, message_id, attendee_id) select id, id::text, $2 from message`,
        [kind, attendeeId],
      );
    }
    const listed = await openOutbox({ database }).messagesTo(attendeeId);
    expect(listed.map(({ kind }) => kind)).toEqual([...MailKind.options]);
  });

  it('that this build does not know fail without effect on other messages, and stay in the outbox', async () => {
    await database.pool.query(`alter type mail_kind add value 'from-a-newer-build'`);
    const [known, unknown] = [await addMessage(), await addMessage('from-a-newer-build')];
    const deliveries = deliveriesOf(OURS);
    const [taken, refused] = await Promise.allSettled([deliveries.take(known), deliveries.take(unknown)]);
    expect(taken).toMatchObject({ status: 'fulfilled', value: { outboxId: known, kind: 'confirmed' } });
    expect(refused).toMatchObject({ status: 'rejected', reason: expect.any(UnknownMailKind) });
    expect(await stateOf(unknown)).toEqual({ status: 'queued', leased_by: OURS, done: false });
  });
});
