import { setTimeout as sleep } from 'node:timers/promises';
import { between, pick, type Random } from '../random.ts';
import { harass } from './hostile.ts';
import type { House } from './house.ts';

/** How long faults last, in milliseconds. */
export interface Extent {
  least: number;
  most: number;
}

/**
 * One fault, while seats sell: it begins, the last seat is sold inside it, and it is over when this resolves. Resolves with what
 * was wrong meanwhile.
 */
type Fault = (house: House, random: Random, extent: Extent) => Promise<string[]>;

/** How long a screen may show something old once the fault is over, or while counts come from the database, in milliseconds. */
export const RIGHT_WITHIN_MS = 2_000;

/** Wait until every screen shows what the database says. Resolves with what is still wrong when the time is over. */
export async function wrongAfter(house: House, withinMs = RIGHT_WITHIN_MS): Promise<string[]> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    const wrong = await house.wrong();
    if (wrong.length === 0 || performance.now() > deadline) return wrong;
    await sleep(20);
  }
}

export const faults = {
  /** Redis is cut: counts come from the database, and the gateways say so. Sometimes one of them is killed meanwhile. */
  async redisCut(house, random, { least, most }) {
    const wrong: string[] = [];
    await house.redis.pause();
    await sleep(between(random, least, most));
    if (random() < 0.5) killOne(house, random);
    await house.lastSale();
    wrong.push(...(await wrongAfter(house)).map((each) => `while Redis is away: ${each}`));
    for (const { url } of house.gateways) {
      const answer = await fetch(`${url}/health/ready`).catch(() => undefined);
      const body = (await answer?.json()) as { status: string; parts: object } | undefined;
      // One that was killed may not be back yet.
      if (answer && (answer.status !== 200 || body?.status !== 'degraded'))
        wrong.push(`readiness: ${JSON.stringify(body)}`);
    }
    house.startSelling();
    await sleep(50);
    await house.lastSale();
    await house.redis.resume();
    return wrong;
  },

  /** A gateway is killed, and the last seat is sold at that moment. */
  async gatewayKilled(house, random, { least }) {
    await sleep(between(random, 100, least));
    killOne(house, random);
    await house.lastSale();
    return [];
  },

  /** Both gateways are replaced, one after the other. */
  async rollingRestart(house) {
    const [first, second] = house.gateways;
    await first?.restart();
    const replaced = second?.restart();
    await sleep(200);
    await house.lastSale();
    await replaced;
    return [];
  },

  /** A device sleeps: its screens run no code, and answer nothing. */
  async clientSleeps(house, random, { least, most }) {
    house.sleeper.kill('SIGSTOP');
    await sleep(between(random, least, most));
    await house.lastSale();
    house.sleeper.kill('SIGCONT');
    return [];
  },

  /** Floods, oversize, binary and malformed packets, unknown events, thousands of watches. */
  async hostileCrowd(house, random, { least, most }) {
    await Promise.all([1, 2, 3].map(() => harass(house.ground, random, between(random, least, most))));
    await house.lastSale();
    return [];
  },

  /** The feed tells old things again, out of order, and what is not ours. */
  async staleFeed(house, random, { least }) {
    const until = performance.now() + between(random, least / 2, least);
    while (performance.now() < until) {
      if (house.told.length > 0) await house.tell(pick(random, house.told));
      await house.tell(pick(random, ['', '{', 'null', '[]', '{"seats":[{}],"registrations":[]}', '{"seats":7}']));
      await sleep(10);
    }
    await house.lastSale();
    const wrong = await wrongAfter(house);
    // Everybody has the newest. The oldest comes last: taken for newer, it would be pushed before the gateways compare with
    // the database.
    for (const old of house.told.slice(0, 50).reverse()) await house.tell(old);
    await sleep(least);
    return wrong;
  },
} satisfies Record<string, Fault>;

export type FaultKind = keyof typeof faults;
export const faultKinds = Object.keys(faults) as FaultKind[];

function killOne(house: House, random: Random): void {
  pick(random, house.gateways).app.child.kill('SIGKILL');
}
