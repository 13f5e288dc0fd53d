import { once } from 'node:events';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import http from 'node:http';
import { networkInterfaces, tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createTransport } from 'nodemailer';
import { WebSocket } from 'ws';
import { waitFor } from '../../../../test/support/wait-for.ts';
import { freePort } from '../ports.ts';
import { type Mailbox, startMailbox } from './mailbox.ts';

let folder: string;
let mailbox: Mailbox;
let webPort: number;

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'comptoir-test-mailbox-'));
  const smtpPort = await freePort();
  webPort = await freePort();
  mailbox = await startMailbox({ folder: path.join(folder, 'mailbox'), smtpPort, webPort });
  const transport = createTransport(mailbox.smtpUrl);
  await transport.sendMail({ from: 'a@example.org', to: 'b@example.org', subject: 'a link', text: 'x' });
  await waitFor(async () => (await get('/api/email')).body.includes('a link'), { what: 'the message' });
});

afterAll(async () => {
  await mailbox.stop();
  await rm(folder, { recursive: true, force: true });
});

/** `fetch` does not allow a test to set the host and the origin. */
async function get(target: string, headers: Record<string, string> = {}, method = 'GET') {
  const request = http.request({ host: '127.0.0.1', port: webPort, path: target, method, headers, agent: false });
  request.end();
  const [answer] = (await once(request, 'response')) as [http.IncomingMessage];
  let body = '';
  for await (const chunk of answer) body += chunk;
  return { status: answer.statusCode, headers: answer.headers, body };
}

/** The paths over which messages are read: HTTP, and the long polling of socket.io. */
const PATHS = ['/api/email', '/', '/socket.io/?EIO=4&transport=polling'];

describe('the mailbox', () => {
  it('can be read at its own addresses, by its own pages and by programs', async () => {
    expect((await fetch(`${mailbox.url}/api/email`)).status).toBe(200);
    for (const host of ['localhost', '127.0.0.1', '[::1]']) {
      const own = { host: `${host}:${webPort}` };
      expect((await get('/api/email', own)).status).toBe(200);
      expect((await get('/api/email', { ...own, origin: `http://${host}:${webPort}` })).status).toBe(200);
    }
    const page = await get('/', { accept: 'text/html' });
    expect(page.status).toBe(200);
    expect(page.body).toContain('<html');
    expect(
      (await get('/', { accept: 'text/html', 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'navigate' })).status,
    ).toBe(200);
  });

  it.each(PATHS)('does not answer pages of other origins, nor allow them, at %s', async (target) => {
    for (const origin of [
      'http://evil.example',
      `http://localhost:${webPort + 1}`,
      'null',
      `https://localhost:${webPort}`,
    ]) {
      expect((await get(target, { origin })).status).toBe(403);
    }
    expect((await get(target, { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' })).status).toBe(403);
    const own = await get(target, { origin: `http://localhost:${webPort}`, accept: 'text/html' });
    expect(Object.keys(own.headers).filter((name) => name.startsWith('access-control-allow'))).toEqual([]);
    expect(own.headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'x-frame-options': 'SAMEORIGIN' });
    const asked = await get(
      target,
      { origin: 'http://evil.example', 'access-control-request-method': 'DELETE' },
      'OPTIONS',
    );
    expect([asked.status, asked.headers['access-control-allow-origin']]).toEqual([403, undefined]);
  });

  it.each(PATHS)('does not answer under another host name, at %s', async (target) => {
    for (const host of ['evil.example', `evil.example:${webPort}`, 'localhost', `localhost.evil.example:${webPort}`]) {
      expect((await get(target, { host })).status).toBe(421);
    }
  });

  it('opens no WebSocket for other origins', async () => {
    const open = async (headers: Record<string, string>) => {
      const socket = new WebSocket(`ws://127.0.0.1:${webPort}/socket.io/?EIO=4&transport=websocket`, { headers });
      const opened = await Promise.race([
        once(socket, 'open').then(() => 'open'),
        new Promise((resolve) => socket.on('error', ({ message }) => resolve(message))),
      ]);
      socket.on('error', () => {}).terminate();
      return opened;
    };
    expect(await open({})).toBe('open');
    expect(await open({ origin: 'http://evil.example' })).toContain('403');
    expect(await open({ host: 'evil.example' })).toContain('421');
  });

  it('listens on loopback only, and stores its messages in a folder of its user only', async () => {
    expect((await stat(path.join(folder, 'mailbox'))).mode & 0o777).toBe(0o700);
    const others = Object.values(networkInterfaces())
      .flatMap((each) => each ?? [])
      .filter(({ internal, family }) => !internal && family === 'IPv4');
    for (const { address } of others) {
      await expect(fetch(`http://${address}:${webPort}/api/email`)).rejects.toThrow();
    }
  });
});
