import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import http from 'node:http';
import path from 'node:path';
import type { Cafe } from '#contract';
import { demonstrationProgramme, loadProgramme } from '#programme';
import { buildPeople } from '../../support/build.ts';
import { openSeats } from '../../support/seats.ts';
import type { BenchOptions, BenchResult } from '../main.ts';
import { machine, median, round } from '../measure.ts';
import { type ApiBench, claimPath, type Measured, settle, withApiBench } from '../seats/api-bench.ts';
import { withBenchServers } from '../servers.ts';
import { type AllRight, learnOfChange, PAGES } from './pages.ts';

/** The encodings that a browser accepts. */
const BROWSER = { 'accept-encoding': 'gzip, deflate, br' };
/** The time in which claims are counted, in seconds. Every page gets the change within it. */
const WINDOW_SECONDS = 5;
/** More claims a second than any machine so far decided. */
const CLAIMS_A_SECOND_MAX = 18_000;

interface Event {
  slug: string;
  /** A Café has enough seats for the claims of one window. */
  hotCafeIds: string[];
  /** The Café that is closed and opened. */
  changedCafeId: string;
}

/**
 * `npm run bench -- programme`: how many pages can load the programme of an event in a second, compared with a bare Fastify that sends the
 * same bytes; and how many claims are lost while thousands of pages learn that one Café of their event changed. Compared runs take turns.
 * Each ratio is a median.
 */
export async function benchProgramme({ quick, say }: BenchOptions): Promise<BenchResult> {
  const { seconds, rounds } = quick ? { seconds: 3, rounds: 2 } : { seconds: 6, rounds: 4 };
  return withBenchServers((servers) =>
    withApiBench(servers, async (bench) => {
      const event = await prepareEvent(bench);
      const loads = await measureLoads(bench, servers.folder, event, { seconds, rounds, say });
      const changes = await measureChanges(bench, event, { rounds, say });
      return report(loads, changes);
    }),
  );
}

/** The RAICT 2024 programme, with one Café that has seats for all people. */
async function prepareEvent(bench: ApiBench): Promise<Event> {
  const document = demonstrationProgramme(
    JSON.parse(readFileSync('prisma/programme/raict-2024.json', 'utf8')),
    new Date(),
  );
  // A room for each Café, with seats for all claims of a window.
  document.rooms = document.cafes.map(({ code }) => ({ code, name: code, capacity: 100_000 }));
  for (const cafe of document.cafes) Object.assign(cafe, { room: cafe.code, capacity: 100_000 });
  const { eventId } = await loadProgramme(bench.database, document);
  const { rows } = await bench.database.pool.query<{ id: string }>(
    'select id from cafe where event_id = $1 order by starts_at, position',
    [eventId],
  );
  const [changed, ...hot] = rows.map(({ id }) => id) as [string, ...string[]];
  return { slug: document.event.slug, hotCafeIds: hot, changedCafeId: changed };
}

interface Loads {
  programme: Measured[];
  bytes: Measured[];
  bytesSent: number;
}

/** The programme from the API, and its bytes from a bare Fastify, in turn. */
async function measureLoads(
  bench: ApiBench,
  folder: string,
  { slug }: Event,
  { seconds, rounds, say }: { seconds: number; rounds: number; say: BenchOptions['say'] },
): Promise<Loads> {
  const url = `${bench.apiOrigin}/api/v1/events/${slug}?locale=fr`;
  const { bytes, encoding } = await rawBytes(url);
  const file = path.join(folder, 'programme');
  await writeFile(file, bytes);
  const found: Loads = { programme: [], bytes: [], bytesSent: bytes.length };
  await bench.withServer('programme/bytes-server.ts', [file, encoding], async (origin) => {
    const kinds = { programme: url, bytes: `${origin}/` };
    // V8 compiles both for a while under load, so this time is not counted.
    for (const each of Object.values(kinds)) await bench.loadGets(each, BROWSER, 2);
    for (let turn = 1; turn <= rounds; turn++) {
      const order = ['programme', 'bytes'] as const;
      for (const kind of turn % 2 ? order : order.toReversed()) {
        const measured = await bench.loadGets(kinds[kind], BROWSER, seconds);
        expectNothingElse('200', measured);
        found[kind].push(measured);
      }
      say(`round ${turn}: programme ${found.programme.at(-1)?.perSecond}/s, bytes ${found.bytes.at(-1)?.perSecond}/s`);
    }
  });
  return found;
}

interface Changes {
  alone: Measured[];
  beside: Measured[];
  allRight: AllRight[];
}

/** Claims alone, and while every page learns of a change, in turn. */
async function measureChanges(
  bench: ApiBench,
  { hotCafeIds, changedCafeId }: Event,
  { rounds, say }: { rounds: number; say: BenchOptions['say'] },
): Promise<Changes> {
  const { pool } = bench.database;
  const seats = openSeats({ database: bench.database, holdTtlMinutes: 30 });
  const found: Changes = { alone: [], beside: [], allRight: [] };
  let windows = 0;
  const claims = async (people: string[]) => {
    const hotCafeId = hotCafeIds[windows++] as string;
    const load = { origin: bench.apiOrigin, paths: [claimPath(hotCafeId)], cookies: bench.sessions(people) };
    const measured = await bench.load({ ...load, seconds: WINDOW_SECONDS });
    expectNothingElse('201', measured);
    return measured;
  };
  const turns = {
    alone: async (people: string[]) => found.alone.push(await claims(people)),
    beside: async (people: string[]) => {
      const claimed = claims(people);
      const state = found.beside.length % 2 ? 'open' : 'closed';
      await seats.cafes.changeCafe(changedCafeId, { state });
      const url = `${bench.apiOrigin}/api/v1/cafes/${changedCafeId}?locale=fr`;
      found.allRight.push(await learnOfChange(url, (answer) => (answer as Cafe).state === state));
      found.beside.push(await claimed);
    },
  };
  for (let turn = 0; turn <= rounds; turn++) {
    for (const kind of turn % 2 ? (['alone', 'beside'] as const) : (['beside', 'alone'] as const)) {
      const people = await buildPeople(pool, CLAIMS_A_SECOND_MAX * WINDOW_SECONDS);
      await settle(pool);
      await turns[kind](people);
    }
    // The first round warms up the API and is not counted.
    if (turn === 0) for (const list of Object.values(found)) list.splice(0);
    else {
      const { ms, calls } = found.allRight.at(-1) as AllRight;
      const [alone, beside] = [found.alone.at(-1), found.beside.at(-1)];
      say(
        `round ${turn}: claims ${alone?.perSecond}/s, beside ${beside?.perSecond}/s; right in ${ms} ms by ${calls} calls`,
      );
    }
  }
  return found;
}

/** A figure counts only when every answer was the expected one. */
function expectNothingElse(status: string, measured: Measured): void {
  const others = Object.keys(measured.answers).filter((answered) => answered !== status);
  if (others.length > 0 || measured.errors > 0) throw new Error(`The load went wrong: ${JSON.stringify(measured)}`);
  if (status === '201' && measured.cookiesUsedUp) throw new Error('There were more claims than people.');
}

/** An answer as a browser gets it. */
function rawBytes(url: string): Promise<{ bytes: Buffer; encoding: string }> {
  return new Promise((resolve, reject) => {
    http
      .get(url, { headers: BROWSER }, (answer) => {
        const parts: Buffer[] = [];
        answer.on('data', (part: Buffer) => parts.push(part));
        answer.on('end', () => {
          resolve({ bytes: Buffer.concat(parts), encoding: answer.headers['content-encoding'] ?? '' });
        });
      })
      .on('error', reject);
  });
}

function report(loads: Loads, changes: Changes): BenchResult {
  const perSecond = (list: Measured[]) => Math.round(median(list.map((each) => each.perSecond)));
  const times = (list: Measured[], others: Measured[]) =>
    round(median(list.map((each, turn) => each.perSecond / (others[turn] as Measured).perSecond)));
  const ratios = {
    shareOfBytesEcho: times(loads.programme, loads.bytes),
    claimsBesideRefetch: times(changes.beside, changes.alone),
  };
  const figures = {
    programmesPerSecond: perSecond(loads.programme),
    bytesPerSecond: perSecond(loads.bytes),
    bytesSent: loads.bytesSent,
    programmeP99Ms: median(loads.programme.map(({ p99Ms }) => p99Ms)),
    claimsPerSecond: perSecond(changes.alone),
    claimsBesidePerSecond: perSecond(changes.beside),
    /** The slowest round. */
    allRightMs: Math.max(...changes.allRight.map(({ ms }) => ms)),
    pages: PAGES,
  };
  const row = (name: string, value: number, target: string) =>
    `${name.padEnd(62)} ${String(value).padStart(6)}   ${target}`;
  return {
    bench: 'programme',
    machine: machine(),
    ratios,
    figures,
    text: [
      `${''.padEnd(62)}  found   target`,
      row('programmes a second, share of a bare Fastify with the bytes', ratios.shareOfBytesEcho, '>= 0.7'),
      row(`claims while ${PAGES} pages learn of a change, against none`, ratios.claimsBesideRefetch, '>= 0.8'),
      row('all of them right again within, ms', figures.allRightMs, '<= 5000'),
      '',
      `programme ${figures.programmesPerSecond}/s, p99 ${figures.programmeP99Ms} ms; bare Fastify ${figures.bytesPerSecond}/s (${figures.bytesSent} bytes)`,
      `claims ${figures.claimsPerSecond}/s, beside ${figures.claimsBesidePerSecond}/s, counted over ${WINDOW_SECONDS} s`,
      machine(),
    ],
  };
}
