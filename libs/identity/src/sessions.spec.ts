import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type IdentityStand, openIdentityStand } from '../../../test/support/identity.ts';
import { waitFor } from '../../../test/support/index.ts';

let stand: IdentityStand;
let attendees: IdentityStand['attendees'];
let sessions: IdentityStand['sessions'];
let idempotencyKeys: IdentityStand['idempotencyKeys'];
let erasure: IdentityStand['erasure'];

beforeAll(async () => {
  stand = await openIdentityStand();
  ({ attendees, sessions, idempotencyKeys, erasure } = stand);
});

afterAll(() => stand?.stop());

describe('a session', () => {
  it('is read from its cookie, and from no other text', async () => {
    const attendeeId = await attendees.upsertByEmail({ name: 'Sam', email: 'sam@example.org' });
    const { cookie } = sessions.open(attendeeId);
    expect(sessions.read(cookie)?.attendeeId).toBe(attendeeId);
    const elsewhere = stand.twin('another secret of enough letters..');
    const foreign = elsewhere.sessions.open(attendeeId).cookie;
    for (const wrong of [undefined, '', 'x', '.', 'é.é', `a${cookie}`, `${cookie}a`, foreign, cookie.repeat(9)])
      expect(sessions.read(wrong)).toBeUndefined();
  });

  it('that one process ended is refused in the others', async () => {
    const attendeeId = await attendees.upsertByEmail({ name: 'Sam', email: 'sam@example.org' });
    const { sessions: other } = stand.twin();
    await other.follow();
    const { cookie } = sessions.open(attendeeId);
    await sessions.end(other.read(cookie)?.sessionId as string);
    expect(sessions.read(cookie)).toBeUndefined();
    await waitFor(() => other.read(cookie) === undefined, { what: 'the session to end' });
    other.close();
  });
});

describe('all sessions of an attendee', () => {
  it('that were opened until now end, in other processes too; new sessions and sessions of others continue', async () => {
    const attendeeId = await attendees.upsertByEmail({ name: 'Sam', email: 'everywhere@example.org' });
    const { sessions: twin } = stand.twin();
    await twin.follow();
    const cookies = [sessions, twin, sessions].map((each) => each.open(attendeeId).cookie);
    const another = sessions.open(randomUUID()).cookie;
    await sessions.endAll(attendeeId);
    expect(cookies.map((cookie) => sessions.read(cookie))).toEqual([undefined, undefined, undefined]);
    await waitFor(() => cookies.every((cookie) => twin.read(cookie) === undefined), {
      what: 'the sessions to end',
    });
    const later = await laterSession(attendeeId);
    expect([sessions, twin].map((each) => each.read(later)?.attendeeId)).toEqual([attendeeId, attendeeId]);
    expect(twin.read(another)).toBeDefined();
    // The second call ends the sessions that were opened in the meantime.
    await sessions.endAll(attendeeId);
    await waitFor(() => twin.read(later) === undefined, { what: 'the later session to end' });
    twin.close();
  });

  it('stay refused after the attendee was erased, also when all sessions are ended later', async () => {
    const attendeeId = await attendees.upsertByEmail({ name: 'Sam', email: 'gone@example.org' });
    expect(await erasure.erase(attendeeId)).toBe(true);
    await sessions.endAll(attendeeId);
    const later = await laterSession(attendeeId);
    expect(sessions.read(later)).toBeUndefined();
    const { sessions: twin } = stand.twin();
    await twin.follow();
    expect(twin.read(later)).toBeUndefined();
    twin.close();
  });
});

describe('all sessions of an erased attendee', () => {
  it('are refused, in other processes too', async () => {
    const attendeeId = await attendees.upsertByEmail({ name: 'Sam', email: 'erased@example.org' });
    const { sessions: other } = stand.twin();
    await other.follow();
    const cookies = [sessions.open(attendeeId).cookie, sessions.open(attendeeId).cookie];
    expect(cookies.map((cookie) => other.read(cookie)?.attendeeId)).toEqual([attendeeId, attendeeId]);
    expect(await erasure.erase(attendeeId)).toBe(true);
    expect(cookies.map((cookie) => sessions.read(cookie))).toEqual([undefined, undefined]);
    await waitFor(() => cookies.every((cookie) => other.read(cookie) === undefined), {
      what: 'the sessions to end',
    });
    other.close();
  });
});

describe('a repeated key', () => {
  const request = { scope: 'zoe', key: 'k1', body: { a: 1 } };

  it('gives the first answer again and does not run the request', async () => {
    let runs = 0;
    const run = async () => ({ status: 201, answer: { run: ++runs } });
    const answers = await Promise.all([
      idempotencyKeys.answerOnce(request, run),
      idempotencyKeys.answerOnce(request, run),
    ]);
    answers.push(await idempotencyKeys.answerOnce(request, run));
    const restarted = stand.twin();
    answers.push(await restarted.idempotencyKeys.answerOnce(request, run));
    expect(answers).toEqual(Array(4).fill({ status: 201, answer: { run: 1 } }));
  });

  it('with another body is refused', async () => {
    await expect(
      idempotencyKeys.answerOnce({ ...request, body: { a: 2 } }, async () => ({ status: 201, answer: {} })),
    ).rejects.toMatchObject({ code: 'idempotency-mismatch' });
  });

  it('with the members of the body in another order is the same request', async () => {
    const ordered = { ...request, key: 'k3', body: { a: { b: 1, c: [2, 3] }, d: 4 } };
    const first = await idempotencyKeys.answerOnce(ordered, async () => ({ status: 200, answer: 'first' }));
    const again = { ...ordered, body: { d: 4, a: { c: [2, 3], b: 1 } } };
    expect(await idempotencyKeys.answerOnce(again, async () => ({ status: 200, answer: 'second' }))).toEqual(first);
    const other = { ...ordered, body: { a: { b: 1, c: [3, 2] }, d: 4 } };
    await expect(idempotencyKeys.answerOnce(other, async () => ({ status: 200, answer: 0 }))).rejects.toMatchObject({
      code: 'idempotency-mismatch',
    });
  });

  it('runs again when the first run failed', async () => {
    const failing = { ...request, key: 'k2' };
    await expect(idempotencyKeys.answerOnce(failing, () => Promise.reject(new Error('away')))).rejects.toThrow('away');
    expect(await idempotencyKeys.answerOnce(failing, async () => ({ status: 201, answer: 1 }))).toEqual({
      status: 201,
      answer: 1,
    });
  });
});

/** Opens a session in a later millisecond than all earlier calls. */
async function laterSession(attendeeId: string): Promise<string> {
  const now = Date.now();
  await waitFor(() => Date.now() > now, { what: 'the next millisecond' });
  return sessions.open(attendeeId).cookie;
}
