import { setTimeout as sleep } from 'node:timers/promises';
import { buildEvent, buildPeople } from '../../support/build.ts';
import type { BenchOptions, BenchResult } from '../main.ts';
import { machine, median, round } from '../measure.ts';
import { type ApiBench, claimPath, SECRET, settle, withApiBench } from '../seats/api-bench.ts';
import { expectAllSeated, peopleFor } from '../seats/turn.ts';
import { withBenchServers } from '../servers.ts';
import {
  cpuMs,
  type Measured,
  memoryKb,
  startBareServer,
  startGateway,
  startWatchers,
  type Watchers,
} from './live-bench.ts';
import { claimAtPace } from './paced-claims.ts';
import { measureRestart } from './restart.ts';
import type { WatchersReport } from './watchers.ts';

const SOCKETS = 10_000;
const SCREENS = 5_000;
const CLAIMS_A_SECOND = 1_000;
/** The size of a first crowd. It fills memory that does not belong to a socket (compiled code, a larger heap). */
const WARM_UP_SOCKETS = 1_000;
const WARM_UP_SECONDS = 1;
/** The time after which a gateway knows a new room, in milliseconds: it compares versions every second. */
const KNOWN_AFTER_MS = 1_500;

type Servers = Parameters<Parameters<typeof withBenchServers>[0]>[0];

/** The results of one crowd on one server. */
interface Crowd extends WatchersReport {
  cpuMsASecond: number;
  kbASocket: number;
  pushesASecond: number;
}

/**
 * `npm run bench -- live`: 10,000 screens of one room on one gateway under 1,000 registrations a second, from the commit to each screen,
 * beside the same pushes over bare `ws`; the memory of a socket; and the cost of 5,000 screens for claims.
 */
export async function benchLive({ quick, say }: BenchOptions): Promise<BenchResult> {
  const seconds = quick ? 4 : 15;
  const rounds = quick ? 2 : 4;
  return withBenchServers((servers) =>
    withApiBench(servers, async (bench) => {
      const watchers = startWatchers();
      try {
        const gateway = await measureGateway(servers, bench, watchers, seconds);
        say(`gateway: ${lineOf(gateway)}`);
        const bare = await measureBare(servers, bench, watchers, seconds, gateway.pushesASecond);
        say(`bare ws: ${lineOf(bare)}`);
        const watched = await measureWatched(servers, bench, watchers, { seconds: quick ? 2 : 6, rounds, say });
        const { eventId } = await buildEvent(bench.database.pool, [{ seats: 100 }]);
        await sleep(KNOWN_AFTER_MS);
        const backP99Ms = await measureRestart(environmentOf(servers), eventId);
        return report(gateway, bare, watched, backP99Ms);
      } finally {
        await watchers.stop();
      }
    }),
  );
}

async function measureGateway(servers: Servers, bench: ApiBench, watchers: Watchers, seconds: number): Promise<Crowd> {
  const { cafeIds, roomIds } = await buildEvent(bench.database.pool, [{ seats: 100_000 }]);
  const gateway = await startGateway(environmentOf(servers));
  try {
    const [cafeId, roomId] = [cafeIds[0] as string, roomIds[0] as string];
    return await measureCrowd(bench, watchers, { server: gateway, cafeId, roomId, watch: true, seconds });
  } finally {
    await gateway.stop();
  }
}

/** @param pushesASecond the pace of the gateway, so that both servers write equally often */
async function measureBare(
  { redisUrl }: Servers,
  bench: ApiBench,
  watchers: Watchers,
  seconds: number,
  pushesASecond: number,
): Promise<Crowd> {
  const { cafeIds, roomIds } = await buildEvent(bench.database.pool, [{ seats: 100_000 }]);
  const [cafeId, roomId] = [cafeIds[0] as string, roomIds[0] as string];
  const server = await startBareServer([redisUrl, roomId, String(Math.round(1_000 / pushesASecond))]);
  try {
    return await measureCrowd(bench, watchers, { server, cafeId, roomId, watch: false, seconds });
  } finally {
    await server.stop();
  }
}

async function measureCrowd(
  bench: ApiBench,
  watchers: Watchers,
  options: { server: Measured; cafeId: string; roomId: string; watch: boolean; seconds: number },
): Promise<Crowd> {
  const { server, cafeId, roomId, watch, seconds } = options;
  const { pool } = bench.database;
  const cookies = bench.sessions(await buildPeople(pool, CLAIMS_A_SECOND * (seconds + WARM_UP_SECONDS)));
  const where = { port: server.port, ...(watch && { roomId }) };
  const claims = { apiOrigin: bench.apiOrigin, cafeId, perSecond: CLAIMS_A_SECOND };
  await watchers.open({ ...where, sockets: WARM_UP_SOCKETS });
  await watchers.close();
  await settle(pool);
  const emptyKb = memoryKb(server.child);
  await watchers.open({ ...where, sockets: SOCKETS });
  const kbASocket = (memoryKb(server.child) - emptyKb) / SOCKETS;
  await claimAtPace({ ...claims, cookies, seconds: WARM_UP_SECONDS });
  await watchers.record();
  const cpuBefore = cpuMs(server.child);
  await claimAtPace({ ...claims, cookies: cookies.slice(CLAIMS_A_SECOND * WARM_UP_SECONDS), seconds });
  const cpu = cpuMs(server.child) - cpuBefore;
  await sleep(1_000); // the last pushes
  const found = await pool.query<{ version: string; at: number }>(
    'select distinct version, (extract(epoch from at) * 1000)::float8 as at from seat_ledger where cafe_id = $1 order by version',
    [cafeId],
  );
  const report = await watchers.report(found.rows.map(({ version, at }) => [Number(version), at]));
  await watchers.close();
  if (report.behind > 0) throw new Error(`${report.behind} screens do not show the last commit.`);
  return {
    ...report,
    kbASocket: round(kbASocket),
    cpuMsASecond: Math.round(cpu / seconds),
    pushesASecond: round(report.pushes / SOCKETS / seconds),
  };
}

/** Registrations a second without screens and with 5,000, and the second as a share of the first. */
interface Watched {
  alone: number;
  watched: number;
  watchedOfAlone: number;
}

/** Registrations a second without screens and with 5,000 on the same gateway, in turn. */
async function measureWatched(
  servers: Servers,
  bench: ApiBench,
  watchers: Watchers,
  { seconds, rounds, say }: { seconds: number; rounds: number; say: BenchOptions['say'] },
): Promise<Watched> {
  const { pool } = bench.database;
  const found: Record<'alone' | 'watched', number[]> = { alone: [], watched: [] };
  const gateway = await startGateway(environmentOf(servers));
  try {
    for (let turn = 0; turn < rounds; turn++) {
      for (const kind of turn % 2 ? (['watched', 'alone'] as const) : (['alone', 'watched'] as const)) {
        const { cafeIds, roomIds } = await buildEvent(pool, [{ seats: 100_000 }]);
        const cookies = bench.sessions(await buildPeople(pool, peopleFor(seconds)));
        await sleep(KNOWN_AFTER_MS);
        if (kind === 'watched') await watchers.open({ port: gateway.port, sockets: SCREENS, roomId: roomIds[0] });
        await settle(pool);
        const paths = cafeIds.map(claimPath);
        const measured = await bench.load({ origin: bench.apiOrigin, paths, cookies, seconds });
        await expectAllSeated(bench.database, cafeIds, measured);
        await watchers.close();
        found[kind].push(measured.perSecond);
      }
    }
    say(`registrations a second, alone: ${found.alone.join(', ')}; watched by ${SCREENS}: ${found.watched.join(', ')}`);
  } finally {
    await gateway.stop();
  }
  return {
    alone: Math.round(median(found.alone)),
    watched: Math.round(median(found.watched)),
    // Each ratio compares two runs of one round. They ran within seconds of each other, with the machine in the same state.
    watchedOfAlone: round(median(found.watched.map((each, turn) => each / (found.alone[turn] as number)))),
  };
}

function environmentOf({ postgresUrl, redisUrl }: Servers): Record<string, string> {
  return {
    DATABASE_URL: postgresUrl,
    REDIS_URL: redisUrl,
    SMTP_URL: 'smtp://127.0.0.1:1',
    APP_SECRET: SECRET,
    // The whole crowd runs on this machine.
    SOCKETS_PER_ADDRESS_MAX: String(SOCKETS + WARM_UP_SOCKETS),
  };
}

const lineOf = (crowd: Crowd) =>
  `p50 ${crowd.p50Ms} ms, p99 ${crowd.p99Ms} ms, worst ${crowd.maxMs} ms; ${crowd.pushesASecond} pushes a second to each; ` +
  `${crowd.cpuMsASecond} ms of processor a second; ${crowd.kbASocket} KB a socket`;

function report(
  gateway: Crowd,
  bare: Crowd,
  { alone, watched, watchedOfAlone }: Watched,
  backP99Ms: number,
): BenchResult {
  const ratios = {
    p99OfBareWs: round(gateway.p99Ms / bare.p99Ms),
    cpuOfBareWs: round(gateway.cpuMsASecond / bare.cpuMsASecond),
    watchedOfAlone,
  };
  const row = (name: string, found: number, target: string) =>
    `${name.padEnd(64)} ${String(found).padStart(6)}   ${target}`;
  return {
    bench: 'live',
    machine: machine(),
    ratios,
    figures: {
      sockets: SOCKETS,
      claimsASecond: CLAIMS_A_SECOND,
      gateway,
      bareWs: bare,
      registrationsASecond: { alone, watched },
      backP99Ms,
    },
    text: [
      `${''.padEnd(64)}  found   target`,
      row(`commit to client, ${SOCKETS} sockets, ${CLAIMS_A_SECOND} registrations/s: p99, ms`, gateway.p99Ms, '<= 250'),
      row('  against bare ws: p99', ratios.p99OfBareWs, '<= 1.5'),
      row('  against bare ws: processor time', ratios.cpuOfBareWs, '<= 1.5'),
      row('memory a socket, KB', gateway.kbASocket, '<= 20'),
      row('clients without counts while the only gateway is replaced: p99, ms', backP99Ms, '<= 5000'),
      row(`registrations/s while ${SCREENS} screens watch, of those with none`, ratios.watchedOfAlone, '>= 0.8'),
      '',
      `gateway: ${lineOf(gateway)}`,
      `bare ws: ${lineOf(bare)}`,
      `registrations a second: ${alone} with none watching, ${watched} with ${SCREENS}`,
      `screens, load and servers on the same processors; ${machine()}`,
    ],
  };
}
