import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../../../test/support/index.ts';
import { type QuietServer, startPoolerLike, startQuietServer } from '../../../test/support/quiet-server.ts';
import { RelaySession } from './relay-session.ts';

const WORKER = 4_711;
const limits = { connectMs: 300, statementMs: 300, answerMs: 400, pingEveryMs: 0 };

let testDatabase: TestDatabase;
let proxy: QuietServer;
let session: RelaySession;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
});
afterEach(async () => {
  await proxy.close();
  await session.close();
});
afterAll(() => testDatabase.drop());

/** Opens a session through a proxy that stops answering at a request. Returns how often the session ended. */
async function open(stopsAt: (request: string) => boolean): Promise<{ ended: number }> {
  const counted = { ended: 0 };
  proxy = await startQuietServer(testDatabase.url, stopsAt);
  const onEnded = () => {
    counted.ended += 1;
  };
  session = new RelaySession({ databaseUrl: proxy.url, worker: WORKER, onNotified() {}, onEnded, limits });
  return counted;
}

describe('the session of a relay', () => {
  it('fails in time when the database accepts the connection and does not answer', async () => {
    await open(() => true);
    await expect(session.keep()).rejects.toThrow(/timeout/);
  });

  it('fails in time when the database does not answer a statement', async () => {
    await open((request) => request.includes('listen outbox'));
    await expect(session.keep()).rejects.toThrow(/timeout/);
  });

  it('is refused through a connection pooler, because another client could get its lock', async () => {
    proxy = await startPoolerLike(testDatabase.url);
    session = new RelaySession({ databaseUrl: proxy.url, worker: WORKER, onNotified() {}, onEnded() {}, limits });
    await expect(session.keep()).rejects.toMatchObject({
      code: 'pooler',
      message: expect.stringContaining('DATABASE_DIRECT_URL'),
    });
  });

  it('has no limits in its start-up packet', async () => {
    const started: string[] = [];
    await open((request) => {
      started.push(request);
      return false;
    });
    await session.keep();
    expect(started[0]).toContain('comptoir-relay');
    expect(started[0]).not.toMatch(/timeout|options/i);
  });

  it('ends when the database stops answering, and opens again', async () => {
    let silent = false;
    const counted = await open(() => silent);
    await session.keep();
    silent = true;
    await expect(session.keep()).rejects.toThrow(/timeout/);
    expect(counted.ended).toBeGreaterThan(0);
    silent = false;
    proxy.resume();
    await session.keep();
    await session.keep();
  });
});
