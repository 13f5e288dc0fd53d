import { setTimeout as sleep } from 'node:timers/promises';
import { between, pick, type Random } from '../random.ts';
import { harass } from './hostile.ts';
import type { LiveStack } from './live-stack.ts';

/** How long faults last, in milliseconds. */
export interface Extent {
  least: number;
  most: number;
}

/**
 * One fault, while seats sell: it begins, the last seat is sold inside it, and it is over when this resolves. Resolves with what
 * was wrong meanwhile.
 */
type Fault = (stack: LiveStack, random: Random, extent: Extent) => Promise<string[]>;

/** How long a screen may show something old once the fault is over, or while counts come from the database, in milliseconds. */
export const RIGHT_WITHIN_MS = 2_000;

/** Wait until every screen shows what the database says. Resolves with what is still wrong when the time is over. */
export async function wrongAfter(stack: LiveStack, withinMs = RIGHT_WITHIN_MS): Promise<string[]> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const wrong = await stack.wrong();
    if (wrong.length === 0 || performance.now() > deadline) return wrong;
    await sleep(20);
  }
}

export const faults = {
  /** Redis is cut: counts come from the database, and the gateways say so. Sometimes one of them is killed meanwhile. */
  async redisCut(stack, random, { least, most }) {
    const wrong: string[] = [];
    await stack.redis.pause();
    await sleep(between(random, least, most));
    if (random() < 0.5) killOne(stack, random);
    await stack.lastSale();
    wrong.push(...(await wrongAfter(stack)).map((each) => `while Redis is away: ${each}`));
    for (const { url } of stack.gateways) {
      const answer = await fetch(`${url}/health/ready`).catch(() => undefined);
      const body = (await answer?.json()) as { status: string; parts: object } | undefined;
      // One that was killed may not be back yet.
      if (answer && (answer.status !== 200 || body?.status !== 'degraded'))
        wrong.push(`readiness: ${JSON.stringify(body)}`);
    }
    stack.startSelling();
    await sleep(50);
    await stack.lastSale();
    await stack.redis.resume();
    return wrong;
  },

  /** A gateway is killed, and the last seat is sold at that moment. */
  async gatewayKilled(stack, random, { least }) {
    await sleep(between(random, 100, least));
    killOne(stack, random);
    await stack.lastSale();
    return [];
  },

  /** Both gateways are replaced, one after the other. */
  async rollingRestart(stack) {
    const [first, second] = stack.gateways;
    await first?.restart();
    const replaced = second?.restart();
    await sleep(200);
    await stack.lastSale();
    await replaced;
    return [];
  },

  /** A device sleeps: its screens run no code, and answer nothing. */
  async clientSleeps(stack, random, { least, most }) {
    stack.sleeper.kill('SIGSTOP');
    await sleep(between(random, least, most));
    await stack.lastSale();
    stack.sleeper.kill('SIGCONT');
    return [];
  },

  /** Floods, oversize, binary and malformed packets, unknown events, thousands of watches. */
  async hostileCrowd(stack, random, { least, most }) {
    await Promise.all([1, 2, 3].map(() => harass(stack.ground, random, between(random, least, most))));
    await stack.lastSale();
    return [];
  },

  /** The feed tells old things again, out of order, and what is not ours. */
  async staleFeed(stack, random, { least }) {
    const until = performance.now() + between(random, least / 2, least);
    while (performance.now() < until) {
      if (stack.told.length > 0) await stack.tell(pick(random, stack.told));
      await stack.tell(pick(random, ['', '{', 'null', '[]', '{"seats":[{}],"registrations":[]}', '{"seats":7}']));
      await sleep(10);
    }
    await stack.lastSale();
    const wrong = await wrongAfter(stack);
    // Everybody has the newest. The oldest comes last: taken for newer, it would be pushed before the gateways compare with
    // the database.
    for (const old of stack.told.slice(0, 50).reverse()) await stack.tell(old);
    await sleep(least);
    return wrong;
  },
} satisfies Record<string, Fault>;

export type FaultKind = keyof typeof faults;
export const faultKinds = Object.keys(faults) as FaultKind[];

function killOne(stack: LiveStack, random: Random): void {
  pick(random, stack.gateways).app.child.kill('SIGKILL');
}
