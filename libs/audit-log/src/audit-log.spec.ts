import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { inTransaction } from '#platform';
import { buildEvent } from '../../../test/support/build.ts';
import { type IdentityStand, openIdentityStand } from '../../../test/support/identity.ts';
import { AuditLog, auditEntry, changedFields, type NewAuditEntry, writeAuditEntry } from './index.ts';

let stand: IdentityStand;
let auditLog: AuditLog;

beforeAll(async () => {
  stand = await openIdentityStand();
  auditLog = new AuditLog(stand.database);
});

afterAll(() => stand.stop());

const newEvent = async () => (await buildEvent(stand.database.pool, [{ seats: 1 }])).eventId;
const write = (entry: NewAuditEntry) => writeAuditEntry(stand.database.pool, entry);
const entriesOf = (eventId: string) => auditLog.list({ of: { eventId } }, 100);
/** An entry about a Café of an event. */
const cafeChange = (eventId: string, more: Partial<NewAuditEntry> = {}): NewAuditEntry => ({
  what: 'cafe-changed',
  subject: { kind: 'cafe', id: randomUUID(), label: 'Le climat' },
  eventId,
  before: { capacity: 10 },
  after: { capacity: 12 },
  ...more,
});

describe('an entry of the audit log', () => {
  it('is written in the transaction of its change, with a client of pg and with Prisma', async () => {
    const { pool, prisma } = stand.database;
    const eventId = await newEvent();
    const actorId = randomUUID();
    const entry = cafeChange(eventId, { actorId, reason: 'Plus de chaises' });
    await expect(
      inTransaction(pool, async (client) => {
        await writeAuditEntry(client, entry);
        throw new Error('the change fails');
      }),
    ).rejects.toThrow('the change fails');
    await expect(prisma.$transaction([auditEntry(prisma, entry), prisma.$executeRaw`select 1/0`])).rejects.toThrow();
    expect(await entriesOf(eventId)).toEqual([]);
    await inTransaction(pool, (client) => writeAuditEntry(client, entry));
    await prisma.$transaction([auditEntry(prisma, entry)]);
    const { what, subject, before, after, reason } = entry;
    const { rows } = await pool.query('select organisation_id from event where id = $1', [eventId]);
    const written = {
      id: expect.any(String),
      at: expect.any(String),
      ...{ what, subject, before, after, reason, actorId, eventId },
      organisationId: rows[0].organisation_id,
    };
    expect(await entriesOf(eventId)).toEqual([written, written]);
  });

  it('is never changed or deleted', async () => {
    const { pool } = stand.database;
    await write(cafeChange(await newEvent()));
    for (const statement of [
      'delete from audit_log',
      'update audit_log set at = now()',
      `insert into audit_log select * from audit_log on conflict (id) do update set at = now()`,
      'truncate audit_log',
    ]) {
      await expect(pool.query(statement)).rejects.toThrow('rows of audit_log are only added');
    }
  });

  it('is also written for a role that an earlier build grants or revokes', async () => {
    const eventId = await newEvent();
    const [attendeeId, roomId, changedBy] = [randomUUID(), randomUUID(), randomUUID()];
    for (const change of ['granted', 'revoked']) {
      await stand.database.pool.query(
        `insert into role_change (change, changed_by, attendee_id, role, event_id, room_id) values ($1, $2, $3, 'host', $4, $5)`,
        [change, changedBy, attendeeId, eventId, roomId],
      );
    }
    const role = { role: 'host', roomId };
    const subject = { kind: 'attendee', id: attendeeId, label: '' };
    const [revoked, granted] = await entriesOf(eventId);
    expect(granted).toMatchObject({ what: 'role-granted', actorId: changedBy, subject, after: role });
    expect(revoked).toMatchObject({ what: 'role-revoked', actorId: changedBy, subject, before: role });
    expect(await auditLog.hasRoleEntry(attendeeId, eventId, role)).toBe(true);
    expect(await auditLog.hasRoleEntry(attendeeId, eventId, { role: 'organiser' })).toBe(false);
    expect(await auditLog.hasRoleEntry(attendeeId, await newEvent(), role)).toBe(false);
  });

  it('loses the name and address of a person who is erased, and nothing else', async () => {
    const { attendees, erasure } = stand;
    const eventId = await newEvent();
    const email = "o'hara+x(1)@example.org";
    const attendeeId = await attendees.upsertByEmail({ name: 'role', email });
    const person = { kind: 'attendee', id: attendeeId, label: 'role' } as const;
    await write(
      cafeChange(eventId, {
        subject: person,
        before: { role: 'host' },
        after: { name: 'role', email },
        reason: 'role',
      }),
    );
    await write(cafeChange(eventId, { reason: `Vu avec O'Hara+x(1)@Example.org`, after: { contacts: [{ email }] } }));
    const other = cafeChange(eventId, { reason: 'role; ohara+x1@example.org', after: { name: 'role' } });
    await write(other);
    expect(await erasure.erase(attendeeId)).toBe(true);
    const [kept, typed, about] = await entriesOf(eventId);
    expect(kept).toMatchObject({ reason: other.reason, after: other.after });
    expect(typed).toMatchObject({ reason: 'Vu avec …', after: { contacts: [{ email: '…' }] } });
    expect(about).toMatchObject({
      subject: { id: attendeeId, label: '…' },
      before: { role: 'host' },
      after: { name: '…', email: '…' },
      reason: '…',
    });
    await expect(stand.database.pool.query('update audit_log set at = now()')).rejects.toThrow('only added');
  });
});

describe('the list of entries', () => {
  it('is of one event or one organisation, and of nothing else', async () => {
    const [eventId, otherEventId] = [await newEvent(), await newEvent()];
    const organisationId = randomUUID();
    await write(cafeChange(eventId));
    await write(cafeChange(otherEventId));
    const subject = { kind: 'organisation', id: organisationId, label: 'Ligue' } as const;
    await write({ what: 'organisation-created', subject, organisationId, after: { name: 'Ligue' } });
    expect((await entriesOf(eventId)).map((entry) => entry.eventId)).toEqual([eventId]);
    expect((await auditLog.list({ of: { organisationId } }, 100)).map(({ what }) => what)).toEqual([
      'organisation-created',
    ]);
    const all = await auditLog.list({ of: 'installation' }, 3);
    expect(all.map((entry) => entry.eventId)).toEqual([undefined, otherEventId, eventId]);
  });

  it('is filtered by what, who, when and text, latest first', async () => {
    const eventId = await newEvent();
    const of = { eventId };
    const [ada, ben] = [randomUUID(), randomUUID()];
    await write(cafeChange(eventId, { actorId: ada, after: { title: { fr: 'Éducation 50 %' } } }));
    await write(cafeChange(eventId, { actorId: ben, what: 'cafe-cancelled', reason: 'Hôte malade' }));
    await write(
      cafeChange(eventId, { subject: { kind: 'attendee', id: ben }, what: 'role-granted', after: { role: 'host' } }),
    );
    const [granted, cancelled, changed] = (await entriesOf(eventId)).map(({ id }) => id);
    const found = async (query: object) => (await auditLog.list({ of, ...query }, 100)).map(({ id }) => id);
    expect(await found({ what: ['cafe-changed', 'cafe-cancelled'] })).toEqual([cancelled, changed]);
    expect(await found({ actorId: ada })).toEqual([changed]);
    expect(await found({ actorId: null })).toEqual([granted]);
    expect(await found({ text: 'MALADE' })).toEqual([cancelled]);
    expect(await found({ text: 'éducation 50 %' })).toEqual([changed]);
    expect(await found({ text: 'le_climat' })).toEqual([]);
    expect(await found({ text: 'nobody has this', textPeople: [ben] })).toEqual([granted, cancelled]);
    const at = (await auditLog.list({ of }, 1))[0]?.at as string;
    expect(await found({ until: new Date(Date.parse(at) + 1).toISOString() })).toHaveLength(3);
    expect(await found({ from: new Date(Date.parse(at) + 1).toISOString() })).toEqual([]);
    expect(await auditLog.people(of)).toEqual({
      actorIds: expect.arrayContaining([ada, ben]),
      subjectIds: [ben],
    });
  });

  it('is read page by page, each entry once', async () => {
    const eventId = await newEvent();
    const entries = 1_001;
    await stand.database.pool.query(
      `select audit_log_write('cafe-changed', 'cafe', null, p_event_id => $1, p_label => n::text) from generate_series(1, $2) n`,
      [eventId, entries],
    );
    const labels: number[] = [];
    for await (const page of auditLog.pages({ of: { eventId } }))
      labels.push(...page.map((entry) => +entry.subject.label));
    expect(labels).toEqual(Array.from({ length: entries }, (_, index) => entries - index));
  });
});

describe('the changed fields', () => {
  it('are those whose values differ, with null where there is none', () => {
    const before = { title: { fr: 'A', en: 'A' }, capacity: 10, summary: 'x' };
    expect(changedFields(before, { title: { fr: 'A', en: 'B' }, capacity: 10, hosts: ['h'] })).toEqual({
      before: { title: before.title, summary: 'x', hosts: null },
      after: { title: { fr: 'A', en: 'B' }, summary: null, hosts: ['h'] },
    });
    expect(changedFields(before, structuredClone(before))).toBeUndefined();
  });
});
