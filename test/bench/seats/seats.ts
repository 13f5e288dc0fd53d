import type { BenchOptions, BenchResult } from '../main.ts';
import { machine, median, round } from '../measure.ts';
import { withBenchServers } from '../servers.ts';
import { type ApiBench, CONNECTIONS, type Measured, settle, withApiBench } from './api-bench.ts';
import { prepareBesideMove } from './beside-move.ts';
import { prepareEcho, prepareHotCafe, prepareManyCafes, prepareRowLock } from './claims.ts';
import { measureSizes } from './million.ts';
import { measureIdleClaim } from './one-at-a-time.ts';
import { prepareRefusals, type Rush } from './refusals.ts';
import type { Prepare, Turn } from './turn.ts';

const kinds = ['echo', 'hotCafe', 'manyCafes', 'refusals', 'rowLock'] as const;
/** A Café of one event, without and with a transaction that locks the Cafés of another event. */
const lockKinds = ['alone', 'besideMove'] as const;
type Kind = (typeof kinds)[number];

const SMALL = { registrations: 1_000, cafes: 12 };

/** The sizes of a run. */
interface Extent {
  seconds: number;
  rounds: number;
  rush: Rush;
  /** How long a turn holds the locks on another event, in seconds. */
  lockedSeconds: number;
  timesIdle: number;
  big: typeof SMALL;
}

const full: Extent = {
  seconds: 6,
  rounds: 4,
  rush: { people: 100_000, seats: 10_000 },
  lockedSeconds: 5,
  timesIdle: 300,
  big: { registrations: 1_000_000, cafes: 10_000 },
};
const quickly: Extent = {
  seconds: 1.5,
  rounds: 2,
  rush: { people: 10_000, seats: 1_000 },
  lockedSeconds: 4,
  timesIdle: 100,
  big: { registrations: 50_000, cafes: 500 },
};

/**
 * `npm run bench -- seats`: the cost of a claim. First one claim at a time, in process: compared with a bare insert, and in a small
 * database compared with a big one. Then over HTTP, from 200 connections: claims in one hot Café and in 200 Cafés, and refusals of a full
 * Café, compared with a bare Fastify echo and with one transaction with a row lock for each request. Compared runs take turns. Each figure
 * is a median.
 */
export async function benchSeats({ quick, say }: BenchOptions): Promise<BenchResult> {
  const extent = quick ? quickly : full;
  return withBenchServers(async (servers) => {
    const sizes = await measureSizes(servers.postgresUrl, extent.timesIdle, { small: SMALL, big: extent.big });
    say(`one claim at a time: ${round(sizes.smallMs)} ms in a small database, ${round(sizes.bigMs)} ms in a big one`);
    return withApiBench(servers, async (bench) => {
      const idle = await measureIdleClaim(bench.database, extent.timesIdle);
      say(`one at a time: claim ${round(idle.claimMs)} ms, bare insert ${round(idle.insertMs)} ms`);
      const found = await measureRounds(bench, extent, say);
      const besideMove = await measureBesideMove(bench, extent, say);
      return report(extent, { ...sizes, ...idle }, found, besideMove, bench.apiMemoryMb());
    });
  });
}

/** Every kind of load in turn, round after round; in the opposite order every other round. */
async function measureRounds(bench: ApiBench, { seconds, rounds, rush }: Extent, say: BenchOptions['say']) {
  const found: Record<Kind, Measured[]> = { echo: [], hotCafe: [], manyCafes: [], refusals: [], rowLock: [] };
  // A whole round that is not counted, because V8 compiles the API for seconds under load and the echo immediately.
  await measureRound(bench, seconds, { people: rush.people / 10, seats: rush.seats / 10 }, kinds);
  for (let turn = 1; turn <= rounds; turn++) {
    const measured = await measureRound(bench, seconds, rush, turn % 2 ? kinds : kinds.toReversed());
    for (const kind of kinds) found[kind].push(measured[kind]);
    say(`round ${turn}: ${kinds.map((kind) => `${kind} ${measured[kind].perSecond}/s`).join(', ')}`);
  }
  return found;
}

async function measureRound(bench: ApiBench, seconds: number, rush: Rush, order: readonly Kind[]) {
  const prepare: Record<Kind, Prepare> = {
    echo: prepareEcho,
    hotCafe: prepareHotCafe,
    manyCafes: prepareManyCafes,
    refusals: (on, during) => prepareRefusals(on, during, rush),
    rowLock: prepareRowLock,
  };
  const turns = {} as Record<Kind, Turn>;
  for (const kind of order) turns[kind] = await prepare[kind](bench, seconds);
  await settle(bench.database.pool);
  const measured = {} as Record<Kind, Measured>;
  for (const kind of order) measured[kind] = await turns[kind]();
  return measured;
}

/** Claims of one event without and with locks on another event, in turn. Returns the second as a share of the first. */
async function measureBesideMove(bench: ApiBench, { lockedSeconds, rounds }: Extent, say: BenchOptions['say']) {
  const shares: { perSecond: number; p99: number }[] = [];
  for (let turn = 1; turn <= rounds; turn++) {
    const measured = {} as Record<(typeof lockKinds)[number], Measured>;
    const order = turn % 2 ? lockKinds : lockKinds.toReversed();
    const turns = new Map<string, Turn>();
    for (const kind of order) turns.set(kind, await prepareBesideMove(bench, lockedSeconds, kind === 'besideMove'));
    await settle(bench.database.pool);
    for (const kind of order) measured[kind] = await (turns.get(kind) as Turn)();
    const { alone, besideMove } = measured;
    shares.push({ perSecond: besideMove.perSecond / alone.perSecond, p99: besideMove.p99Ms / alone.p99Ms });
    say(`locks on another event, round ${turn}: alone ${alone.perSecond}/s, beside ${besideMove.perSecond}/s`);
  }
  return {
    perSecond: round(median(shares.map((each) => each.perSecond))),
    p99: round(median(shares.map((each) => each.p99))),
  };
}

interface OneAtATime {
  claimMs: number;
  insertMs: number;
  smallMs: number;
  bigMs: number;
}

function report(
  { rush, big }: Extent,
  oneByOne: OneAtATime,
  found: Record<Kind, Measured[]>,
  besideMove: { perSecond: number; p99: number },
  apiMemoryMb: number,
): BenchResult {
  const of = (kind: Kind) => ({
    perSecond: Math.round(median(found[kind].map((each) => each.perSecond))),
    p50Ms: median(found[kind].map((each) => each.p50Ms)),
    p99Ms: median(found[kind].map((each) => each.p99Ms)),
  });
  const loads = {
    echo: of('echo'),
    hotCafe: of('hotCafe'),
    manyCafes: of('manyCafes'),
    refusals: of('refusals'),
    rowLock: of('rowLock'),
  };
  const oneAtATime = {
    claimMs: round(oneByOne.claimMs),
    insertMs: round(oneByOne.insertMs),
    smallMs: round(oneByOne.smallMs),
    bigMs: round(oneByOne.bigMs),
  };
  // Each ratio compares two runs of one round. They ran within seconds of each other, with the machine in the same state.
  const times = (kind: Kind, other: Kind) =>
    round(median(found[kind].map((each, turn) => each.perSecond / (found[other][turn] as Measured).perSecond)));
  const ratios = {
    shareOfEcho: times('hotCafe', 'echo'),
    timesRowLock: times('hotCafe', 'rowLock'),
    refusalsShareOfEcho: times('refusals', 'echo'),
    manyCafesOfOne: times('manyCafes', 'hotCafe'),
    claimTimesInsert: round(oneByOne.claimMs / oneByOne.insertMs),
    claimInMillionTimesSmall: round(oneByOne.bigMs / oneByOne.smallMs),
    besideAnotherEventsMove: besideMove.perSecond,
  };
  const row = (name: string, found: number, target: string) =>
    `${name.padEnd(58)} ${String(found).padStart(6)}   ${target}`;
  const load = (name: string, { perSecond, p50Ms, p99Ms }: (typeof loads)[Kind]) =>
    `${name.padEnd(48)} ${String(perSecond).padStart(6)}/s   p50 ${p50Ms} ms   p99 ${p99Ms} ms`;
  return {
    bench: 'seats',
    machine: machine(),
    ratios,
    figures: { ...loads, oneAtATime, besideMoveP99Times: besideMove.p99, apiMemoryMb },
    text: [
      `${''.padEnd(58)}  found   target`,
      row('one hot Café, share of the echo', ratios.shareOfEcho, '>= 0.5'),
      row('one hot Café, times the row lock', ratios.timesRowLock, '>= 6'),
      row('refusals of a full Café, share of the echo', ratios.refusalsShareOfEcho, '>= 0.5'),
      row('200 Cafés at once, of one', ratios.manyCafesOfOne, '>= 1'),
      row('one claim when idle, times a bare insert', ratios.claimTimesInsert, '<= 3'),
      row(
        `one claim, ${big.registrations} registrations, times ${SMALL.registrations}`,
        ratios.claimInMillionTimesSmall,
        '<= 1.2',
      ),
      row('claims beside locks on another event, of none', ratios.besideAnotherEventsMove, '>= 0.8'),
      row('their p99, times that without', besideMove.p99, '<= 1.5'),
      row('memory of the API at its peak, MB', apiMemoryMb, '<= 256'),
      '',
      load('bare Fastify echo', loads.echo),
      load('registrations into one hot Café', loads.hotCafe),
      load('registrations into 200 Cafés in turn', loads.manyCafes),
      load('refusals of a full Café', loads.refusals),
      load('one row-locking transaction a request', loads.rowLock),
      `one at a time: claim ${oneAtATime.claimMs} ms, bare insert ${oneAtATime.insertMs} ms`,
      `one at a time: claim in a small database ${oneAtATime.smallMs} ms, in a big one ${oneAtATime.bigMs} ms`,
      `each time ${rush.people} people asked for ${rush.seats} seats, exactly ${rush.seats} had one`,
      `${CONNECTIONS} connections, the load on the same processors; ${machine()}`,
    ],
  };
}
