import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SESSION_COOKIE } from '#identity';
import { openDatabase } from '#platform';
import { buildEvent, buildPeople } from '../support/build.ts';
import { openIdentity } from '../support/identity.ts';
import { type Stack, startStack, waitFor } from '../support/index.ts';

/** The number of connections that send one request after the other, half of them claims. */
const CLIENTS = 40;

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ apps: ['api'] });
});
afterAll(() => stack?.stop());

/** Sends a request on a connection of the agent, and reads the whole answer. */
function send(agent: Agent, method: string, path: string, cookie = ''): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const options = { method, agent, headers: { cookie } };
    const sent = request(`${stack.apiUrl}/api/v1${path}`, options, (answer) => {
      answer
        .resume()
        .on('end', () => resolve(answer))
        .on('error', reject);
    });
    sent.on('error', reject).end();
  });
}

describe('the API when it stops under load', () => {
  it('answers every request that was sent, closes each connection after its answer, and then exits', async () => {
    const database = openDatabase({ url: stack.databaseUrl, connectionsMax: 2, applicationName: 'test-stop' });
    const { cafeIds } = await buildEvent(database.pool, [{ seats: 50_000 }]);
    const people = await buildPeople(database.pool, 20_000);
    const { sessions } = openIdentity({ database, secret: stack.secret, publicUrl: stack.apiUrl });
    const unexpected: string[] = [];
    let answered = 0;
    let keptAfterStop = 0;
    let stopping = false;

    async function client(agent: Agent, number: number): Promise<void> {
      for (;;) {
        const afterStop = stopping;
        try {
          const answer =
            number % 2 === 0
              ? await send(agent, 'GET', `/cafes/${cafeIds[0]}`)
              : await send(
                  agent,
                  'POST',
                  `/cafes/${cafeIds[0]}/registrations`,
                  `${SESSION_COOKIE}=${sessions.open(people.pop() as string).cookie}`,
                );
          answered += 1;
          if (afterStop && answer.headers.connection !== 'close') keptAfterStop += 1;
          if (answer.statusCode !== (number % 2 === 0 ? 200 : 201)) unexpected.push(`answered ${answer.statusCode}`);
        } catch (error) {
          // The server does not listen any more, so the request was never sent.
          const { code = '' } = error as NodeJS.ErrnoException;
          if (code !== 'ECONNREFUSED') unexpected.push(code);
          return;
        }
      }
    }

    const agents = Array.from({ length: CLIENTS }, () => new Agent({ keepAlive: true, maxSockets: 1 }));
    const clients = agents.map(client);
    // An idle connection whose request was answered must not delay the stop.
    const idle = new Agent({ keepAlive: true });
    await send(idle, 'GET', '/events');
    await waitFor(() => answered > 200, { what: 'some answers' });
    const [api] = stack.apps;
    const ended = once(api?.child as NonNullable<typeof api>['child'], 'exit');
    const stopped = api?.stop();
    // When the process accepts no more connections, it has received the signal.
    await waitFor(
      () =>
        send(new Agent(), 'GET', '/client-config').then(
          () => false,
          ({ code }: NodeJS.ErrnoException) => code === 'ECONNREFUSED',
        ),
      { what: 'the stop' },
    );
    stopping = true;
    await Promise.all([stopped, ...clients]);
    expect(unexpected).toEqual([]);
    expect(keptAfterStop).toBe(0);
    expect(await ended).toEqual([0, null]);
    for (const agent of [...agents, idle]) agent.destroy();
    await database.close();
  });
});
