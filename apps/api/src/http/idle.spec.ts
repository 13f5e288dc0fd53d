import { once } from 'node:events';
import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { waitFor } from '../../../../test/support/index.ts';
import { closeIdle } from './idle.ts';

const LOOK_EVERY_MS = 200;
let server: http.Server;
/** Lets the answer to `/slow` go on. */
let goOn: (() => void) | undefined;

beforeAll(async () => {
  server = http.createServer((request, response) => {
    if (request.url !== '/slow') return response.end('done');
    response.write('begun');
    goOn = () => response.write('.');
  });
  closeIdle(server, LOOK_EVERY_MS);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

async function ask(path: string): Promise<{ socket: net.Socket; text: () => string; closed: () => boolean }> {
  const socket = net.connect((server.address() as AddressInfo).port, '127.0.0.1');
  let text = '';
  let closed = false;
  socket.on('data', (chunk) => {
    text += chunk;
  });
  socket.on('close', () => {
    closed = true;
  });
  socket.write(`GET ${path} HTTP/1.1\r\nhost: here\r\n\r\n`);
  await waitFor(() => text !== '', { what: 'an answer' });
  return { socket, text: () => text, closed: () => closed };
}

describe('a connection', () => {
  it('is closed once nothing comes or goes any more, and not while an answer goes on or the next request comes', async () => {
    const idle = await ask('/');
    const slow = await ask('/slow');
    const busy = await ask('/');
    await waitFor(
      () => {
        goOn?.();
        busy.socket.write('GET / HTTP/1.1\r\nhost: here\r\n\r\n');
        return idle.closed();
      },
      { what: 'the idle one to be closed' },
    );
    expect([slow.closed(), busy.closed()]).toEqual([false, false]);
    expect(idle.text()).toMatch(/^HTTP\/1.1 200 /);
    await waitFor(() => slow.closed() && busy.closed(), { what: 'the others to be closed' });
  });
});
