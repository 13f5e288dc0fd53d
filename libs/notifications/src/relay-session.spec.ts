import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { createTestDatabase, type TestDatabase } from '../../../test/support/index.ts';
import { type QuietServer, startQuietServer } from '../../../test/support/quiet-server.ts';
import { RelaySession } from './relay-session.ts';

const WORKER = 4_711;
const limits = { connectMs: 300, statementMs: 300, answerMs: 400, pingEveryMs: 0 };

let testDatabase: TestDatabase;
let way: QuietServer;
let session: RelaySession;

beforeAll(async () => {
  testDatabase = await createTestDatabase();
});
afterEach(async () => {
  await way.close();
  await session.close();
});
afterAll(() => testDatabase.drop());

/** A session through a way that falls silent at a request. */
async function open(falls: (request: string) => boolean): Promise<{ ended: number }> {
  const told = { ended: 0 };
  way = await startQuietServer(testDatabase.url, falls);
  const onEnded = () => {
    told.ended += 1;
  };
  session = new RelaySession({ databaseUrl: way.url, worker: WORKER, onNotified() {}, onEnded, limits });
  return told;
}

describe('the session of a relay', () => {
  it('is given up in time by a database that accepts connections and says nothing', async () => {
    await open(() => true);
    await expect(session.keep()).rejects.toThrow(/timeout/);
  });

  it('is given up in time by a database that does not answer a statement', async () => {
    await open((request) => request.includes('listen outbox'));
    await expect(session.keep()).rejects.toThrow(/timeout/);
  });

  it('is found out to be gone when nothing is heard of it, and opened anew', async () => {
    let silent = false;
    const told = await open(() => silent);
    await session.keep();
    silent = true;
    await expect(session.keep()).rejects.toThrow(/timeout/);
    expect(told.ended).toBeGreaterThan(0);
    silent = false;
    way.speak();
    await session.keep();
    await session.keep();
  });
});
