import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import http2 from 'node:http2';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { io } from 'socket.io-client';
import { SESSION_COOKIE } from '#identity';
import { openDatabase } from '#platform';
import { freePort } from '../../apps/local/src/ports.ts';
import { endWithUs } from '../../apps/local/src/processes.ts';
import { commandOnPath } from '../../apps/local/src/system.ts';
import { buildEvent, buildPeople } from '../support/build.ts';
import { openIdentity } from '../support/identity.ts';
import { startOwnServers } from '../support/servers.ts';
import { type Stack, startStack } from '../support/stack.ts';
import { waitFor } from '../support/wait-for.ts';
import type { FaultsFound, FaultsOptions } from './main.ts';

/** The number of clients that send requests at the same time, and the pause between two requests of one client, in milliseconds. */
const CLIENTS = 8;
const PAUSE_MS = 5;
/** How long an answer may take, in milliseconds. */
const ANSWER_WITHIN_MS = 20_000;

const proxies = { nginx: startNginx, caddy: startCaddy };
type ProxyName = keyof typeof proxies;

interface Proxy {
  port: number;
  stop(): Promise<void>;
}

/** The servers behind a proxy, and the folder for its files. */
interface Behind {
  folder: string;
  apiPorts: number[];
  gatewayPort: number;
}

/**
 * `npm run faults -- proxies`: runs the proxies of this machine with the files of deploy/, over TLS and HTTP/2, while the APIs restart one
 * after the other, as in a deployment. Returns a line for each request without an answer, or with an answer of the proxy itself.
 */
export async function faultsProxies({ seeds, say }: FaultsOptions): Promise<FaultsFound> {
  const found: FaultsFound = [];
  const installed = (Object.keys(proxies) as ProxyName[]).filter(
    (name) => commandOnPath(name) && isNewEnough(name, say),
  );
  if (installed.length === 0) return ['neither nginx nor a Caddy that is new enough is installed'];
  for (const name of installed) for (const _ of seeds) found.push(...(await run(name, say)));
  return found;
}

/** The oldest Caddy that can send a request body again (deploy/Caddyfile). */
const CADDY_MIN = [2, 8] as const;

function isNewEnough(name: ProxyName, say: (line: string) => void): boolean {
  if (name !== 'caddy') return true;
  const text = execFileSync('caddy', ['version'], { encoding: 'utf8' });
  const [major = 0, minor = 0] = /(\d+)\.(\d+)/.exec(text)?.slice(1).map(Number) ?? [];
  const isNew = major > CADDY_MIN[0] || (major === CADDY_MIN[0] && minor >= CADDY_MIN[1]);
  if (!isNew) say(`caddy ${text.trim()} is older than ${CADDY_MIN.join('.')}: it is not tried`);
  return isNew;
}

async function run(name: ProxyName, say: (line: string) => void): Promise<FaultsFound> {
  const servers = await startOwnServers();
  Object.assign(process.env, {
    COMPTOIR_TEST_POSTGRES_URL: servers.postgresUrl,
    COMPTOIR_TEST_TEMPLATE: servers.template,
  });
  const folder = await mkdtemp(path.join(tmpdir(), 'comptoir-proxy-'));
  const stack = await startStack({
    apps: ['api', 'gateway'],
    apiCount: 2,
    environment: { TRUSTED_PROXIES: '1', PUBLIC_URL: 'https://localhost' },
  });
  const portOf = (url: string) => Number(new URL(url).port);
  const target = { folder, apiPorts: stack.apiUrls.map(portOf), gatewayPort: portOf(stack.gatewayUrl) };
  let proxy: Proxy | undefined;
  try {
    proxy = await proxies[name](target);
    const found = [
      ...(await checkLive(proxy.port, stack.eventId)),
      ...(await restartUnderLoad(stack, proxy.port, name, say)),
    ];
    const times = Map.groupBy(found, (each) => each);
    return [...times].map(([each, all]) => `${name}: ${each}, ${all.length} times`);
  } finally {
    await proxy?.stop();
    await stack.stop();
    await servers.release();
    await rm(folder, { recursive: true, force: true });
  }
}

/** A live connection by WebSocket and one by long polling. */
async function checkLive(port: number, eventId: string): Promise<FaultsFound> {
  const found: FaultsFound = [];
  for (const transport of ['websocket', 'polling']) {
    const socket = io(`https://localhost:${port}/live`, {
      transports: [transport],
      rejectUnauthorized: false,
      extraHeaders: { origin: 'https://localhost' },
    });
    const answer = await socket
      .timeout(ANSWER_WITHIN_MS)
      .emitWithAck('event:watch', { eventId })
      .catch((error: Error) => error);
    if ((answer as { ok?: boolean }).ok !== true)
      found.push(`${transport}: ${JSON.stringify(answer)} ${String(answer)}`);
    socket.disconnect();
  }
  return found;
}

/** Clients read the programme and take seats while each API restarts. */
async function restartUnderLoad(
  stack: Stack,
  port: number,
  name: string,
  say: (line: string) => void,
): Promise<FaultsFound> {
  const database = openDatabase({ url: stack.databaseUrl, connectionsMax: 4, applicationName: 'faults-proxies' });
  const { cafeIds } = await buildEvent(database.pool, [{ seats: 100_000 }]);
  const people = await buildPeople(database.pool, 4_000);
  const identity = openIdentity({ database, secret: stack.secret, publicUrl: 'https://localhost' });
  const found: FaultsFound = [];
  const given: string[] = [];
  let requests = 0;
  let restarting = true;
  const client = async () => {
    const session = http2.connect(`https://localhost:${port}`, { rejectUnauthorized: false });
    session.on('error', (error) => found.push(`the connection: ${error.message}`));
    while (restarting) {
      const attendeeId = people.pop();
      if (!attendeeId) break;
      const cookie = `${SESSION_COOKIE}=${identity.sessions.open(attendeeId).cookie}`;
      const read = await ask(session, { ':path': '/api/v1/events' });
      const claim = await ask(
        session,
        {
          ':method': 'POST',
          ':path': `/api/v1/cafes/${cafeIds[0]}/registrations`,
          'content-type': 'application/json',
          cookie,
        },
        '{}',
      );
      requests += 2;
      if (read !== 200) found.push(`GET: ${read}`);
      if (claim === 200 || claim === 201) given.push(attendeeId);
      else found.push(`POST: ${claim}`);
      await sleep(PAUSE_MS);
    }
    session.close();
  };
  const clients = Array.from({ length: CLIENTS }, client);
  for (const app of stack.apps.filter(({ name: each }) => each === 'api')) {
    await app.restart();
    await app.ready();
  }
  restarting = false;
  await Promise.all(clients);
  const seats = await database.pool.query(`select from registration where cafe_id = $1 and status = 'confirmed'`, [
    cafeIds[0],
  ]);
  if (seats.rowCount !== given.length)
    found.push(`${given.length} seats were answered, and ${seats.rowCount} are in the database`);
  await database.close();
  say(`${name}: ${found.length} of ${requests} requests failed while two APIs restarted one after the other`);
  return found;
}

/** @returns the status, or the error */
async function ask(
  session: http2.ClientHttp2Session,
  headers: http2.OutgoingHttpHeaders,
  body?: string,
): Promise<number | string> {
  const request = session.request(headers);
  request.setTimeout(ANSWER_WITHIN_MS, () => request.close());
  request.end(body);
  request.resume();
  try {
    const [answer] = await once(request, 'response');
    await once(request, 'close');
    return answer[':status'];
  } catch (error) {
    return (error as Error).message;
  }
}

/** deploy/nginx.conf with these ports and its own certificate. */
async function startNginx({ folder, apiPorts, gatewayPort }: Behind): Promise<Proxy> {
  const [port, plainPort] = [await freePort(), await freePort()];
  const [key, certificate] = [path.join(folder, 'key.pem'), path.join(folder, 'certificate.pem')];
  const subject = ['-subj', '/CN=localhost', '-days', '2', '-keyout', key, '-out', certificate];
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', ...subject], { stdio: 'ignore' });
  const site = (await readFile('deploy/nginx.conf', 'utf8'))
    .replace('127.0.0.1:3000', `127.0.0.1:${apiPorts[0]}`)
    .replace('127.0.0.1:3010', `127.0.0.1:${apiPorts[1]}`)
    .replace('127.0.0.1:3001', `127.0.0.1:${gatewayPort}`)
    .replace(/listen \[::\].*/g, '')
    .replace('listen 80', `listen 127.0.0.1:${plainPort}`)
    .replace('listen 443', `listen 127.0.0.1:${port}`)
    .replaceAll('cafes.example.org;', 'localhost;')
    .replace(/ssl_certificate .*/, `ssl_certificate ${certificate};`)
    .replace(/ssl_certificate_key .*/, `ssl_certificate_key ${key};`);
  const file = path.join(folder, 'nginx.conf');
  const paths = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (each) => `${each}_temp_path ${folder}/${each};`,
  );
  await writeFile(
    file,
    `daemon off; user root; pid ${folder}/pid; error_log ${folder}/error.log;
     events { worker_connections 1024; }
     http { access_log off; ${paths.join(' ')} ${site} }`,
  );
  return serve(
    spawn('nginx', ['-e', `${folder}/error.log`, '-c', file], { stdio: ['ignore', 'ignore', 'inherit'] }),
    port,
  );
}

/** deploy/Caddyfile with these addresses. Caddy makes a certificate for localhost. */
async function startCaddy({ folder, apiPorts, gatewayPort }: Behind): Promise<Proxy> {
  const [port, plainPort] = [await freePort(), await freePort()];
  const file = path.join(folder, 'Caddyfile');
  const site = await readFile('deploy/Caddyfile', 'utf8');
  await writeFile(
    file,
    site.replace('{\n', `{\n\tadmin off\n\tskip_install_trust\n\thttp_port ${plainPort}\n\thttps_port ${port}\n`),
  );
  await mkdir(path.join(folder, 'data'));
  const caddy = spawn('caddy', ['run', '--adapter', 'caddyfile', '--config', file], {
    env: {
      PATH: process.env.PATH,
      HOME: folder,
      XDG_DATA_HOME: path.join(folder, 'data'),
      PUBLIC_URL: 'https://localhost',
      APIS: apiPorts.map((each) => `127.0.0.1:${each}`).join(' '),
      GATEWAYS: `127.0.0.1:${gatewayPort}`,
    },
    stdio: ['ignore', 'ignore', process.env.LOG_LEVEL ? 'inherit' : 'ignore'],
  });
  return serve(caddy, port);
}

async function serve(child: ChildProcess, port: number): Promise<Proxy> {
  endWithUs(child);
  await waitFor(
    () =>
      new Promise<boolean>((resolve) => {
        const session = http2.connect(`https://localhost:${port}`, { rejectUnauthorized: false });
        session.once('connect', () => {
          resolve(true);
          session.close();
        });
        session.once('error', () => resolve(false));
      }),
    { what: 'the proxy' },
  );
  return {
    port,
    async stop() {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}
