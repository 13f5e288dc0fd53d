import { Agent, type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestApi, type TestApi } from '../../../../test/support/api.ts';
import { buildEvent, buildPeople } from '../../../../test/support/build.ts';
import { waitFor } from '../../../../test/support/index.ts';

describe('what the HTTP parser refuses', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startTestApi();
  });
  afterAll(() => api?.stop());

  /** Send these bytes, and read until the connection ends. */
  function sendRaw(text: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const socket = connect(Number(new URL(api.url).port), '127.0.0.1', () => socket.write(text));
      let read = '';
      socket.setEncoding('utf8').on('data', (chunk) => {
        read += chunk;
      });
      socket.on('close', () => resolve(read)).on('error', reject);
    });
  }

  it.each([
    ['no HTTP', 'HELO example.org\r\n\r\n', 400],
    ['a header without a name', 'GET / HTTP/1.1\r\nhost: x\r\n: y\r\n\r\n', 400],
    ['headers too large', `GET / HTTP/1.1\r\nhost: x\r\nx: ${'a'.repeat(20_000)}\r\n\r\n`, 431],
  ])('is a problem like every other: %s', async (_, text, status) => {
    const [head = '', body = ''] = (await sendRaw(text)).split('\r\n\r\n');
    expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} [^]*content-type: application/problem\\+json`));
    expect(JSON.parse(body)).toMatchObject({ code: 'invalid-request', status });
  });
});

describe('the stop', () => {
  it('resets no request that was sent, tells each connection that it ends, and ends with the last answer', async () => {
    const api = await startTestApi();
    const { cafeIds } = await buildEvent(api.database.pool, [{ seats: 10_000 }]);
    const people = await buildPeople(api.database.pool, 2_000);
    const { port } = new URL(api.url);
    // One agent a client, and one connection an agent: none is ever without a request for long.
    const agents = Array.from({ length: 40 }, () => new Agent({ keepAlive: true, maxSockets: 1 }));
    const faults: string[] = [];
    let answered = 0;
    let keptAfterStop = 0;
    let stopped = false;

    function send(agent: Agent, method: string, path: string, as?: string): Promise<IncomingMessage> {
      const headers = as ? { cookie: api.cookieOf(as) } : {};
      return new Promise((resolve, reject) => {
        const sent = request({ port, method, path: `/api/v1${path}`, headers, agent }, (answer) => {
          answer.resume().on('end', () => resolve(answer));
        });
        sent.on('error', reject).end();
      });
    }

    async function client(agent: Agent, number: number): Promise<void> {
      for (;;) {
        const as = people.pop() as string;
        const begun = stopped;
        try {
          const answer =
            number % 2
              ? await send(agent, 'GET', `/cafes/${cafeIds[0]}`)
              : await send(agent, 'POST', `/cafes/${cafeIds[0]}/registrations`, as);
          answered += 1;
          if (begun && answer.headers.connection !== 'close') keptAfterStop += 1;
          if (answer.statusCode !== (number % 2 ? 200 : 201)) faults.push(String(answer.statusCode));
        } catch (fault) {
          const { code = '' } = fault as NodeJS.ErrnoException;
          if (code !== 'ECONNREFUSED') faults.push(code);
          return;
        }
      }
    }

    const clients = agents.map(client);
    // Somebody who was answered and asks for nothing more holds up nobody.
    const idle = new Agent({ keepAlive: true });
    await send(idle, 'GET', '/events');
    await waitFor(() => answered > 200, { what: 'some answers' });
    stopped = true;
    const begunAt = performance.now();
    await Promise.all([api.stop(), ...clients]);
    expect(faults).toEqual([]);
    expect(keptAfterStop).toBe(0);
    expect(performance.now() - begunAt).toBeLessThan(10_000);
    for (const agent of [...agents, idle]) agent.destroy();
  });
});
