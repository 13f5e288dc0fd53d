import { migrate } from '#platform';
import { withBenchServers } from '../bench/servers.ts';
import { neverReads } from './live/hostile.ts';
import { differencesAfter, type Extent, type FaultKind, faultKinds, faults, RIGHT_WITHIN_MS } from './live/kinds.ts';
import { openLiveStack } from './live/live-stack.ts';
import type { FaultsFound, FaultsOptions } from './main.ts';
import { randomOf, shuffled } from './random.ts';

const EXTENT: Extent = { least: 1_000, most: 5_000 };
/** In the first seed, Redis is disconnected for a minute and a device sleeps for ten, far longer than a gateway waits for it. */
const LONG: Partial<Record<FaultKind, Extent>> = {
  redisCut: { least: 60_000, most: 60_000 },
  clientSleeps: { least: 600_000, most: 600_000 },
};
const NEVER_READ = 10;
/** How much more memory a gateway may use after a history than before it, in MB. */
const GROWTH_MAX_MB = 10;

/**
 * `npm run faults -- live --seeds 20`: histories of faults around two gateways behind a balancer, while people claim seats. Within two
 * seconds of the end of each fault every screen equals the database. No screen goes back to an older version, and memory is bounded.
 */
export async function faultsLive({ seeds, say }: FaultsOptions): Promise<FaultsFound> {
  return withBenchServers(async ({ postgresUrl }) => {
    await migrate(postgresUrl);
    const found: string[] = [];
    for (const [place, seed] of seeds.entries()) {
      const kinds = shuffled(randomOf(seed), faultKinds);
      const started = performance.now();
      const violations = await runHistory({
        databaseUrl: postgresUrl,
        seed,
        kinds,
        extentOf: (kind) => (place === 0 && LONG[kind]) || EXTENT,
      });
      const seconds = Math.round((performance.now() - started) / 1_000);
      say(`seed ${seed}: ${kinds.join(', ')}: ${violations.length} violations, ${seconds} s`);
      found.push(...violations);
    }
    return found;
  });
}

/** Runs one history. Returns all violations, one line each, with the seed and the fault. */
export async function runHistory(options: {
  databaseUrl: string;
  seed: number;
  kinds: FaultKind[];
  extentOf: (kind: FaultKind) => Extent;
  preload?: Record<string, string>;
}): Promise<FaultsFound> {
  const { databaseUrl, seed, kinds, extentOf, preload } = options;
  const random = randomOf(seed);
  const stack = await openLiveStack({ databaseUrl, random, preload });
  const violations: string[] = [];
  try {
    const { target } = stack;
    const deaf = Array.from({ length: NEVER_READ }, (_, place) =>
      neverReads(target, target.ports[place % target.ports.length] as number),
    );
    stack.startClaims();
    await stack.lastClaims();
    violations.push(...(await differencesAfter(stack, 5_000)).map((each) => `at the start: ${each}`));
    const before = await Promise.all(stack.gateways.map((gateway) => gateway.heapMb()));
    for (const kind of kinds) {
      stack.startClaims();
      const meanwhile = await faults[kind](stack, random, extentOf(kind));
      const after = (await differencesAfter(stack)).map((each) => `${RIGHT_WITHIN_MS} ms after: ${each}`);
      violations.push(...[...meanwhile, ...after].map((each) => `${kind}: ${each}`));
      // A killed gateway is restarted before the next fault.
      await Promise.all(stack.gateways.map(({ app }) => app.ready()));
    }
    violations.push(...(await stack.readScreens()).flatMap((screen) => screen.violations));
    for (const [place, gateway] of stack.gateways.entries()) {
      const grown = (await gateway.heapMb()) - (before[place] as number);
      if (grown > GROWTH_MAX_MB) violations.push(`a gateway keeps ${grown} MB more`);
    }
    const died = stack.lines.filter((line) => /ended by itself \((?!SIGKILL)/.test(line));
    violations.push(...died);
    for (const stop of deaf) stop();
  } finally {
    await stack.close();
  }
  return [...new Set(violations)].map((each) => `seed ${seed}: ${each}`);
}
