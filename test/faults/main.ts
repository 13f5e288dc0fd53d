import { parseArgs } from 'node:util';
import { exitOnSignals } from '../../apps/local/src/processes.ts';
import { faultsLive } from './live.ts';
import { faultsMail } from './mail.ts';
import { faultsProxies } from './proxies.ts';

/** The options of a fault run. Every seed is a history of its own, which is the same each time. */
export interface FaultsOptions {
  seeds: number[];
  say: (line: string) => void;
}

/** The violations, a line each. */
export type FaultsFound = string[];

const kinds: Record<string, (options: FaultsOptions) => Promise<FaultsFound>> = {
  mail: faultsMail,
  live: faultsLive,
  proxies: faultsProxies,
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seeds: { type: 'string', default: '5' }, from: { type: 'string', default: '1' } },
});
const run = kinds[positionals[0] ?? ''];
const [count, from] = [Number(values.seeds), Number(values.from)];
if (!run || positionals.length !== 1 || !Number.isInteger(count) || !Number.isInteger(from) || count < 1) {
  console.error(`usage: npm run faults -- ${Object.keys(kinds).join('|')} [--seeds N] [--from SEED]`);
  process.exit(2);
}
exitOnSignals();
const seeds = Array.from({ length: count }, (_, place) => from + place);
const found = await run({ seeds, say: (line) => console.log(line) });
for (const violation of found) console.log(violation);
console.log(`${positionals[0]}: ${count} seeds, ${found.length} violations`);
process.exit(found.length === 0 ? 0 : 1);
