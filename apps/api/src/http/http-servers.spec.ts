import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestApi, type TestApi } from '../../../../test/support/api.ts';
import { answerParserErrors, HttpServers } from './http-servers.ts';

/** Sends this text over TCP. Returns what arrives until the connection closes. */
function sendRaw(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    let read = '';
    socket.setEncoding('utf8').on('data', (chunk) => {
      read += chunk;
    });
    socket.on('close', () => resolve(read)).on('error', reject);
  });
}

describe('a request that the HTTP parser refuses', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startTestApi();
  });
  afterAll(() => api?.stop());

  it.each([
    ['not HTTP', 'HELO example.org\r\n\r\n', 400],
    ['a header without a name', 'GET / HTTP/1.1\r\nhost: x\r\n: y\r\n\r\n', 400],
    ['headers too large', `GET / HTTP/1.1\r\nhost: x\r\nx: ${'a'.repeat(20_000)}\r\n\r\n`, 431],
  ])('gets a problem document: %s', async (_, text, status) => {
    const [head = '', body = ''] = (await sendRaw(Number(new URL(api.url).port), text)).split('\r\n\r\n');
    expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} .*content-type: application/problem\\+json`, 's'));
    expect(JSON.parse(body)).toMatchObject({ code: 'invalid-request', status });
  });
});

describe('a request body that never ends', () => {
  it('gets a problem with the status 408 after the time limit of 30 s, and its connection is closed', async () => {
    const servers = new HttpServers();
    expect(servers.create({}, () => {}).requestTimeout).toBe(30_000);
    const server = servers.create({ requestTimeout: 100, connectionsCheckingInterval: 50 }, () => {});
    server.on('clientError', answerParserErrors({})).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const answer = await sendRaw(port, 'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n\r\n{');
    expect(answer).toMatch(/^HTTP\/1\.1 408 .*"status":408/s);
    await servers.stop();
  });
});
