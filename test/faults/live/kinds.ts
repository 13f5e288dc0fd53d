import { setTimeout as sleep } from 'node:timers/promises';
import { between, pick, type Random } from '../random.ts';
import { harass } from './hostile.ts';
import type { LiveStack } from './live-stack.ts';

/** The duration of faults, in milliseconds. */
export interface Extent {
  least: number;
  most: number;
}

/**
 * One fault, while people claim seats. The last seat is claimed during the fault; the promise resolves when the fault is over. Returns the
 * violations during the fault.
 */
type Fault = (stack: LiveStack, random: Random, extent: Extent) => Promise<string[]>;

/** How long a screen may show an old state after the fault, or while counts are read from the database, in milliseconds. */
export const RIGHT_WITHIN_MS = 2_000;

/** Waits until every screen equals the database. Returns the differences that remain after the longest time. */
export async function differencesAfter(stack: LiveStack, withinMs = RIGHT_WITHIN_MS): Promise<string[]> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const violations = await stack.differences();
    if (violations.length === 0 || performance.now() > deadline) return violations;
    await sleep(20);
  }
}

export const faults = {
  /** Redis is disconnected: counts are read from the database, and the gateways are degraded. Sometimes one gateway is killed too. */
  async redisCut(stack, random, { least, most }) {
    const violations: string[] = [];
    await stack.redis.pause();
    await sleep(between(random, least, most));
    if (random() < 0.5) killOne(stack, random);
    await stack.lastClaims();
    violations.push(...(await differencesAfter(stack)).map((each) => `while Redis is away: ${each}`));
    for (const { url } of stack.gateways) {
      const answer = await fetch(`${url}/health/ready`).catch(() => undefined);
      const body = (await answer?.json()) as { status: string; parts: object } | undefined;
      // A killed gateway may still be starting.
      if (answer && (answer.status !== 200 || body?.status !== 'degraded'))
        violations.push(`readiness: ${JSON.stringify(body)}`);
    }
    stack.startClaims();
    await sleep(50);
    await stack.lastClaims();
    await stack.redis.resume();
    return violations;
  },

  /** A gateway is killed, and the last seat is claimed at that moment. */
  async gatewayKilled(stack, random, { least }) {
    await sleep(between(random, 100, least));
    killOne(stack, random);
    await stack.lastClaims();
    return [];
  },

  /** Both gateways are replaced, one after the other. */
  async rollingRestart(stack) {
    const [first, second] = stack.gateways;
    await first?.restart();
    const replaced = second?.restart();
    await sleep(200);
    await stack.lastClaims();
    await replaced;
    return [];
  },

  /** A device sleeps: its screens run no code, and do not answer. */
  async clientSleeps(stack, random, { least, most }) {
    stack.sleeper.kill('SIGSTOP');
    await sleep(between(random, least, most));
    await stack.lastClaims();
    stack.sleeper.kill('SIGCONT');
    return [];
  },

  /** Floods, oversize, binary and malformed packets, unknown events, thousands of watches. */
  async hostileCrowd(stack, random, { least, most }) {
    await Promise.all([1, 2, 3].map(() => harass(stack.target, random, between(random, least, most))));
    await stack.lastClaims();
    return [];
  },

  /** The feed repeats old messages out of command, and contains forged ones. */
  async staleFeed(stack, random, { least }) {
    const until = performance.now() + between(random, least / 2, least);
    while (performance.now() < until) {
      if (stack.published.length > 0) await stack.publish(pick(random, stack.published));
      await stack.publish(pick(random, ['', '{', 'null', '[]', '{"seats":[{}],"registrations":[]}', '{"seats":7}']));
      await sleep(10);
    }
    await stack.lastClaims();
    const violations = await differencesAfter(stack);
    // Every gateway has the newest message. The oldest message is sent last: if it counted as newer, it would be pushed before the gateways
    // compare with the database.
    for (const old of stack.published.slice(0, 50).reverse()) await stack.publish(old);
    await sleep(least);
    return violations;
  },
} satisfies Record<string, Fault>;

export type FaultKind = keyof typeof faults;
export const faultKinds = Object.keys(faults) as FaultKind[];

function killOne(stack: LiveStack, random: Random): void {
  pick(random, stack.gateways).app.child.kill('SIGKILL');
}
