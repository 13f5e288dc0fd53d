import { setTimeout as sleep } from 'node:timers/promises';
import { type MailStack, openMailStack } from './mail-stack.ts';
import type { MutantName } from './mutants.ts';

/** Durations and counts of a run. `full` has those of the promise of the product; `quick` is a short form. */
interface Extent {
  people: number;
  claimPauseMs: number;
  /** How long the sink takes for each message, in milliseconds, so that messages are always being sent. */
  sinkSlowMs: number;
  /** The number of faults, one after the other. */
  faults: number;
  pauseMs: number;
  redisAwayMs: number;
  greetingMs: number;
  /** How long the mail server refuses messages or closes connections. */
  moodMs: number;
  /** How long the mail server takes to answer an accepted message, in milliseconds. */
  lateMs: number;
  /** The time for the outbox after the last fault, in milliseconds. */
  healedWithinMs: number;
}

export const full: Extent = {
  people: 3_000,
  claimPauseMs: 20,
  sinkSlowMs: 15,
  faults: 6,
  pauseMs: 45_000,
  redisAwayMs: 120_000,
  greetingMs: 30_000,
  moodMs: 10_000,
  lateMs: 65_000,
  healedWithinMs: 180_000,
};

export const quick: Extent = {
  people: 400,
  claimPauseMs: 8,
  sinkSlowMs: 15,
  faults: 6,
  pauseMs: 3_000,
  redisAwayMs: 2_000,
  greetingMs: 1_500,
  moodMs: 1_000,
  lateMs: 2_000,
  healedWithinMs: 60_000,
};

/** The result of a run. */
export interface Outcome {
  seed: number;
  faults: string[];
  expected: number;
  /** Distinct Message-IDs at the sink. */
  sent: number;
  /** Messages that were expected and did not arrive at the sink. */
  missing: number;
  /** Messages that arrived at the sink and were not expected. */
  foreign: number;
  /** Messages at the sink beyond the first one with each id. */
  duplicates: number;
  /** The most duplicates that are allowed: the messages that killed workers were sending. */
  bound: number;
  /** Whether the run kept the promise. */
  isPassed: boolean;
}

export type FaultName = keyof typeof faults;

/** Every fault on the way of a message. */
const faults = {
  'worker killed': async ({ stack, random, dead }: Scene) => {
    await stack.killWorker(random() < 0.5 ? 0 : 1, dead);
  },
  'both workers killed': async ({ stack, dead }: Scene) => {
    await Promise.all([stack.killWorker(0, dead), stack.killWorker(1, dead)]);
  },
  'worker paused': ({ stack, random, extent }: Scene) => stack.pauseWorker(random() < 0.5 ? 0 : 1, extent.pauseMs),
  'claimer killed': ({ stack, random }: Scene) => stack.killClaimer(random()),
  'Redis flushed': ({ stack }: Scene) => stack.flushRedis(),
  'Redis restarted empty': ({ stack }: Scene) => stack.stopRedis(100, { empty: true }),
  'Redis away': ({ stack, extent }: Scene) => stack.stopRedis(extent.redisAwayMs, { empty: false }),
  'Postgres restarted': ({ stack }: Scene) => stack.restartPostgres(),
  'mail server greets late': async ({ stack: { sink }, extent }: Scene) => {
    sink.behaviour.greetingDelayMs = extent.greetingMs;
    sink.hangUpAll();
    await sleep(extent.greetingMs * 1.2);
    sink.behaviour.greetingDelayMs = undefined;
  },
  'mail server says 4xx': async ({ stack: { sink }, random, extent }: Scene) => {
    const refuse = sink.behaviour.refuse;
    sink.behaviour.refuse = (to) => refuse?.(to) ?? (random() < 0.3 ? { at: 'end', code: 451 } : undefined);
    await sleep(extent.moodMs);
    sink.behaviour.refuse = refuse;
  },
  'mail server hangs up after DATA': async ({ stack: { sink }, random, extent }: Scene) => {
    sink.behaviour.hangUp = () => random() < 0.3;
    await sleep(extent.moodMs);
    sink.behaviour.hangUp = undefined;
  },
  'mail server answers late': async ({ stack: { sink }, extent }: Scene) => {
    sink.behaviour.answerLateMs = extent.lateMs;
    await sleep(extent.moodMs);
    sink.behaviour.answerLateMs = undefined;
    await sleep(extent.lateMs);
  },
} satisfies Record<string, (scene: Scene) => Promise<void>>;

export const faultNames = Object.keys(faults) as FaultName[];

interface Scene {
  stack: MailStack;
  extent: Extent;
  random: () => number;
  /** Called when a worker was killed: the messages that it was sending may arrive twice. */
  dead: () => Promise<void>;
}

/**
 * Runs faults, chosen by a seed, one after the other while people claim seats. Then all faults end, and the messages at the mail server are
 * compared with the expected ones: one for each seat, except for refused addresses.
 * @param options.only these faults in this order, instead of chosen ones
 */
export async function runMailFaults(options: {
  seed: number;
  extent: Extent;
  mutant?: MutantName;
  only?: FaultName[];
  /** The mutant of the stack. */
  databaseUrl?: string;
}): Promise<Outcome> {
  const { seed, extent, mutant, only, databaseUrl } = options;
  const random = randomOf(seed);
  const stack = await openMailStack({ ...extent, ...(mutant && { mutant }), databaseUrl });
  try {
    stack.sink.behaviour = {
      answerDelayMs: extent.sinkSlowMs,
      refuse: (to) => (isRefused(to) ? { at: 'recipient', code: 550 } : undefined),
    };
    const inHand = new Set<string>();
    const dead = async () => {
      const rows = await stack.query<{ lease: string }>(
        `select outbox_id || ' ' || leased_by as lease from email_delivery
         where leased_by is not null and not outbox_worker_is_there(leased_by)`,
      );
      for (const { lease } of rows) inHand.add(lease);
    };
    const names = only ?? chosen(random, extent.faults);
    await firstMail(stack);
    for (const name of names) {
      await sleep(random() * 800);
      await faults[name]({ stack, extent, random, dead });
    }
    await stack.allAsked();
    await outboxDone(stack, extent.healedWithinMs);
    return { seed, faults: names, ...(await compare(stack, inHand.size)) };
  } finally {
    await stack.close();
  }
}

/** Whether the mail server refuses an address. */
function isRefused(address: string): boolean {
  return /7@/.test(address) && /[37]7@/.test(address);
}

async function firstMail(stack: MailStack): Promise<void> {
  while (stack.sink.count() === 0) await sleep(20);
}

/** Waits until all messages of the outbox are done. Messages that do not arrive in time are reported by the comparison. */
async function outboxDone(stack: MailStack, withinMs: number): Promise<void> {
  const deadline = Date.now() + withinMs;
  const waiting = async () => {
    const rows = await stack.query<{ count: number }>(
      `select (select count(*) from outbox where done_at is null)::integer + (select count(*) from outbox_batch)::integer as count`,
    );
    return rows[0]?.count !== 0;
  };
  while ((await waiting().catch(() => true)) && Date.now() < deadline) await sleep(100);
}

async function compare(stack: MailStack, bound: number): Promise<Omit<Outcome, 'seed' | 'faults'>> {
  const rows = await stack.query<{ registration: string; email: string; message: string | null }>(
    `select r.id as registration, a.email, o.id || '@localhost' as message
     from registration r join attendee a on a.id = r.attendee_id left join outbox o on o.registration_id = r.id
     where r.status = 'confirmed'`,
  );
  const expected = new Set(
    rows.filter(({ email }) => !isRefused(email)).map(({ registration, message }) => message ?? registration),
  );
  const { accepted } = stack.sink;
  const missing = [...expected].filter((id) => !accepted.has(id)).length;
  const foreign = [...accepted.keys()].filter((id) => !expected.has(id)).length;
  const duplicates = stack.sink.count() - accepted.size;
  return {
    expected: expected.size,
    sent: accepted.size,
    missing,
    foreign,
    duplicates,
    bound,
    isPassed: missing === 0 && foreign === 0 && duplicates <= bound,
  };
}

/** Each fault at most once, so that a few seeds have all of them. */
function chosen(random: () => number, count: number): FaultName[] {
  return faultNames
    .map((name) => ({ name, place: random() }))
    .sort((one, other) => one.place - other.place)
    .slice(0, count)
    .map(({ name }) => name);
}

/** Numbers between 0 and 1, the same for a seed (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
