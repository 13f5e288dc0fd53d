import { once } from 'node:events';
import { Agent, type IncomingMessage, request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SESSION_COOKIE } from '#identity';
import { openDatabase } from '#platform';
import { buildEvent, buildPeople } from '../support/build.ts';
import { openIdentity } from '../support/identity.ts';
import { type Stack, startStack, waitFor } from '../support/index.ts';

/** How many connections are never without a request for long, half of them with claims. */
const CLIENTS = 40;

let stack: Stack;
beforeAll(async () => {
  stack = await startStack({ apps: ['api'] });
});
afterAll(() => stack?.stop());

/** A request on a connection of the agent's, answered to its end. */
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

describe('the API, told to stop while it has much to do', () => {
  it('answers every request that was sent, ends each connection with its answer, and then itself', async () => {
    const database = openDatabase({ url: stack.databaseUrl, connectionsMax: 2, applicationName: 'test-stop' });
    const { cafeIds } = await buildEvent(database.pool, [{ seats: 50_000 }]);
    const people = await buildPeople(database.pool, 20_000);
    const { sessions } = openIdentity({ database, secret: stack.secret, publicUrl: stack.apiUrl });
    const faults: string[] = [];
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
          if (answer.statusCode !== (number % 2 === 0 ? 200 : 201)) faults.push(`answered ${answer.statusCode}`);
        } catch (fault) {
          // Nobody listens any more: that request was never sent.
          const { code = '' } = fault as NodeJS.ErrnoException;
          if (code !== 'ECONNREFUSED') faults.push(code);
          return;
        }
      }
    }

    const agents = Array.from({ length: CLIENTS }, () => new Agent({ keepAlive: true, maxSockets: 1 }));
    const clients = agents.map(client);
    // Somebody who was answered and asks for nothing more holds up nobody.
    const idle = new Agent({ keepAlive: true });
    await send(idle, 'GET', '/events');
    await waitFor(() => answered > 200, { what: 'some answers' });
    const [api] = stack.apps;
    const ended = once(api?.child as NonNullable<typeof api>['child'], 'exit');
    const stopped = api?.stop();
    // The process knows of it when it takes no more connections.
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
    expect(faults).toEqual([]);
    expect(keptAfterStop).toBe(0);
    expect(await ended).toEqual([0, null]);
    for (const agent of [...agents, idle]) agent.destroy();
    await database.close();
  });
});
