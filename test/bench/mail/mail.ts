import type { BenchOptions, BenchResult } from '../main.ts';
import { machine, median, round } from '../measure.ts';
import { withBenchServers } from '../servers.ts';
import { CONNECTIONS, type MailBench, withMailBench } from './mail-bench.ts';

/** The numbers of messages of a round, of rounds, of rows of the backlog, and of timed claims with the backlog. */
const full = { messages: 10_000, rounds: 3, backlog: 100_000, claims: 400 };
const quickly = { messages: 2_000, rounds: 2, backlog: 100_000, claims: 200 };
/** The number of messages before the measurement, so that code is compiled and connections are open. */
const WARM_UP = 600;

/**
 * `npm run bench -- mail`: messages a second from the committed registration to the answer of the mail server, compared with a bare pooled
 * nodemailer loop that sends the same bodies to the same server; the memory of the worker; and the cost of a claim with a backlog of
 * 100,000 rows in the outbox. Compared runs take turns. Each figure is a median.
 */
export async function benchMail({ quick, say }: BenchOptions): Promise<BenchResult> {
  const extent = quick ? quickly : full;
  return withBenchServers((servers) =>
    withMailBench(servers, async (bench) => {
      await bench.startWorker();
      await bench.confirm(WARM_UP);
      await bench.bareLoop(WARM_UP);
      const worker: number[] = [];
      const bare: number[] = [];
      for (let turn = 1; turn <= extent.rounds; turn++) {
        bare.push(await bench.bareLoop(extent.messages));
        worker.push(await bench.confirm(extent.messages));
        say(`round ${turn}: bare ${rate(extent.messages, bare)}/s, worker ${rate(extent.messages, worker)}/s`);
      }
      await bench.stopWorker();
      const beside = await claimBesideBacklog(bench, extent, say);
      return report(extent, { worker, bare }, beside, bench.workerMemoryMb());
    }),
  );
}

function rate(messages: number, timesMs: number[]): number {
  return Math.round(messages / ((timesMs.at(-1) ?? 0) / 1_000));
}

/** The median times of a claim with an empty outbox and with a backlog of batches that no relay enqueues. The two cases take turns. */
async function claimBesideBacklog(bench: MailBench, { backlog, claims }: typeof full, say: BenchOptions['say']) {
  const { pool } = bench.database;
  const empty: number[] = [];
  const beside: number[] = [];
  await bench.claimTimes(claims);
  for (let turn = 0; turn < 4; turn++) {
    await pool.query('truncate outbox, outbox_batch cascade');
    if (turn % 2) {
      await pool.query(
        `with made as (select uuidv7() as id from generate_series(1, $1))
         insert into outbox_batch (id, kind, registration_ids, attendee_ids, challenge_ids)
         select id, 'confirmed', array[id], array[id], '{}' from made`,
        [backlog],
      );
    }
    await pool.query('vacuum (analyze) outbox, outbox_batch');
    await pool.query('checkpoint');
    (turn % 2 ? beside : empty).push(...(await bench.claimTimes(claims)));
  }
  say(`a claim: ${round(median(empty))} ms, beside ${backlog} batches ${round(median(beside))} ms`);
  return { emptyMs: median(empty), backlogMs: median(beside) };
}

function report(
  { messages, backlog }: typeof full,
  times: { worker: number[]; bare: number[] },
  { emptyMs, backlogMs }: { emptyMs: number; backlogMs: number },
  workerMemoryMb: number,
): BenchResult {
  const workerPerSecond = Math.round(messages / (median(times.worker) / 1_000));
  const barePerSecond = Math.round(messages / (median(times.bare) / 1_000));
  const secondsFor10000 = round((10_000 / messages) * (median(times.worker) / 1_000));
  const ratios = {
    // Each ratio compares two runs of one round. They follow each other within a minute, so the machine is in the same state.
    shareOfBareLoop: round(median(times.worker.map((ms, turn) => (times.bare[turn] as number) / ms))),
    claimBesideBacklogTimesEmpty: round(backlogMs / emptyMs),
  };
  const row = (name: string, found: number, target: string) =>
    `${name.padEnd(58)} ${String(found).padStart(6)}   ${target}`;
  return {
    bench: 'mail',
    machine: machine(),
    ratios,
    figures: {
      workerPerSecond,
      barePerSecond,
      secondsFor10000,
      workerMemoryMb,
      claimMs: round(emptyMs),
      claimBesideBacklogMs: round(backlogMs),
    },
    text: [
      `${''.padEnd(58)}  found   target`,
      row('messages a second, share of the bare loop', ratios.shareOfBareLoop, '>= 0.7'),
      row('10,000 confirmations, s', secondsFor10000, '<= 60'),
      row('memory of the worker at its peak, MB', workerMemoryMb, '<= 256'),
      row(`a claim beside ${backlog} batches, times an empty outbox`, ratios.claimBesideBacklogTimesEmpty, '<= 1.1'),
      '',
      `worker ${workerPerSecond}/s, from the first claim to the last message accepted; bare loop ${barePerSecond}/s`,
      `a claim ${round(emptyMs)} ms, beside ${backlog} batches ${round(backlogMs)} ms`,
      `${messages} messages, ${CONNECTIONS} connections, the mail server on the same processors; ${machine()}`,
    ],
  };
}
