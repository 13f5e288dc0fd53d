import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { waitFor } from '../../../test/support/wait-for.ts';
import { type AppServer, openAppServer } from './app-server.ts';
import { readConfiguration } from './configuration.ts';
import { openMetrics } from './metrics.ts';

const configuration = (more: Record<string, string> = {}) =>
  readConfiguration({
    DATABASE_URL: 'postgres://x/x',
    REDIS_URL: 'redis://x',
    SMTP_URL: 'smtp://x',
    APP_SECRET: 'a secret of thirty-two characters',
    ...more,
  });

let server: AppServer;
let lines: [object, string][];
const sockets: net.Socket[] = [];

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await server.fastify.close();
});

async function listen(
  options: { connectionsMax?: number; pendingPerClientMax?: number; environment?: Record<string, string> } = {},
) {
  const { connectionsMax = 1_000, pendingPerClientMax = 1_000, environment } = options;
  lines = [];
  const write = (fields: object, text: string) => void lines.push([fields, text]);
  server = openAppServer({
    configuration: configuration(environment),
    logger: { info: write, warn: write } as never,
    metrics: openMetrics('test'),
    checks: [],
    connectionsMax,
    pendingPerClientMax,
  });
  await server.fastify.listen({ port: 0, host: '127.0.0.1' });
  return (server.fastify.server.address() as AddressInfo).port;
}

/** Opens a connection that sends this text and nothing more. Returns the answer. */
function send(port: number, text: string, localAddress = '127.0.0.1') {
  const socket = net.connect({ port, host: '127.0.0.1', localAddress });
  sockets.push(socket);
  const sent = { socket, answer: '', ended: false };
  socket.on('data', (data) => {
    sent.answer += data;
  });
  socket.on('error', () => {});
  socket.on('close', () => {
    sent.ended = true;
  });
  socket.write(text);
  return sent;
}

const ENDLESS = 'POST /health/live HTTP/1.1\r\nhost: x\r\ncontent-length: 1000000\r\n\r\n{';

describe('the server of an app', () => {
  it.each([
    ['a body of a method that has no call', ENDLESS, '405'],
    [
      'a body that the server does not read',
      'GET /health/live HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\n{',
      '413',
    ],
    ['a chunked body', 'GET /x HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n', '413'],
    ['a head that is too large', `GET / HTTP/1.1\r\nhost: x\r\na: ${'x'.repeat(20_000)}\r\n\r\n`, '431'],
    ['what is no HTTP', 'hello\r\n\r\n', '400'],
  ])('answers %s immediately, and ends the connection', async (_, text, status) => {
    const sent = send(await listen(), text);
    await waitFor(() => sent.ended, { what: 'the end' });
    expect(sent.answer).toContain(`HTTP/1.1 ${status} `);
  });

  it('closes connections whose head never completes, with one log line for all of them and without a stack', async () => {
    const port = await listen();
    const slow = Array.from({ length: 20 }, () => send(port, 'GET / HTTP/1.1\r\nhost:'));
    await waitFor(() => slow.every(({ ended }) => ended), { what: 'the end of all' });
    expect(slow[0]?.answer).toContain('HTTP/1.1 408 ');
    expect(lines).toEqual([[{ reason: 'slow' }, 'idle connections were closed']]);
    server.log.flush();
    expect(lines.slice(1)).toEqual([[{ reason: 'slow', times: 19 }, 'idle connections were closed']]);
  });

  it('closes the oldest pending connections of a client over its limit, and no others', async () => {
    const port = await listen({ pendingPerClientMax: 5 });
    const other = send(port, '', '127.0.0.2');
    await once(other.socket, 'connect');
    const silent: ReturnType<typeof send>[] = [];
    for (let sent = 0; sent < 20; sent++) {
      const each = send(port, '');
      await once(each.socket, 'connect');
      silent.push(each);
    }
    await waitFor(() => silent.filter(({ ended }) => ended).length === 15, { what: 'the end of the oldest' });
    expect(silent.map(({ ended }) => ended)).toEqual([...Array(15).fill(true), ...Array(5).fill(false)]);
    expect(other.ended).toBe(false);
    const asking = send(port, 'GET /health/live HTTP/1.1\r\nhost: x\r\n\r\n');
    await waitFor(() => asking.answer.includes('200 OK'), { what: 'the answer' });
  });

  it('answers many clients behind one address that connect simultaneously', async () => {
    const port = await listen({ pendingPerClientMax: 5 });
    const crowd = Array.from({ length: 100 }, () => send(port, 'GET /health/live HTTP/1.1\r\nhost: x\r\n\r\n'));
    await waitFor(() => crowd.every(({ answer }) => answer.includes('200 OK')), { what: 'every answer' });
  });

  it('closes the oldest pending connection when it is full', async () => {
    const port = await listen({ connectionsMax: 5 });
    const silent: ReturnType<typeof send>[] = [];
    for (let sent = 0; sent < 7; sent++) {
      const each = send(port, '', `127.0.0.${sent + 1}`);
      await once(each.socket, 'connect');
      silent.push(each);
    }
    await waitFor(() => silent.filter(({ ended }) => ended).length === 2, { what: 'the end of the oldest' });
    expect(silent.map(({ ended }) => ended)).toEqual([true, true, false, false, false, false, false]);
  });

  it.each(['/health/live', '/health/ready', '/nowhere'])('has security headers on %s', async (path) => {
    const port = await listen({ environment: { PUBLIC_URL: 'https://pages.test' } });
    const { headers } = await fetch(`http://127.0.0.1:${port}${path}`);
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-security-policy': `default-src 'none'; frame-ancestors 'none'`,
      'x-content-type-options': 'nosniff',
      'x-frame-options': 'DENY',
      'referrer-policy': 'no-referrer',
      'strict-transport-security': expect.stringMatching(/^max-age=\d{8,}/),
    });
  });

  it('has security headers on requests that the parser refuses, and requires https only on an https installation', async () => {
    const sent = send(await listen(), 'hello\r\n\r\n');
    await waitFor(() => sent.ended, { what: 'the answer' });
    expect(sent.answer).toContain('x-content-type-options: nosniff');
    expect(sent.answer).not.toContain('strict-transport-security');
  });
});
