import { parseArgs } from 'node:util';
import { exitOnSignals } from '../../apps/local/src/processes.ts';
import { benchLive } from './live/live.ts';
import { benchMail } from './mail/mail.ts';
import { benchOverlap } from './overlap.ts';
import { benchPages } from './pages/pages.ts';
import { benchProgramme } from './programme/programme.ts';
import { benchSeats } from './seats/seats.ts';
import { benchStart } from './start.ts';

/** The options of a bench. `quick`: it ends within 90 s. `say` gets the progress, which does not go to standard output with `--json`. */
export interface BenchOptions {
  quick: boolean;
  say: (line: string) => void;
}

/** The result of a bench. `ratios` compare figures of one run. Only ratios can be compared between machines. */
export interface BenchResult {
  bench: string;
  machine: string;
  ratios: Record<string, number>;
  figures: Record<string, unknown>;
  /** The same result as text: a few lines. */
  text: string[];
}

const benches: Record<string, (options: BenchOptions) => Promise<BenchResult>> = {
  seats: benchSeats,
  live: benchLive,
  mail: benchMail,
  messages: benchMessages,
  programme: benchProgramme,
  pages: benchPages,
  overlap: benchOverlap,
  start: benchStart,
};

/** This bench imports files of libs/mail that are not exported, among them .tsx files. */
async function benchMessages(options: BenchOptions): Promise<BenchResult> {
  await import('../support/tsx.ts');
  return (await import('./messages.ts')).benchMessages(options);
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: 'boolean', default: false }, json: { type: 'boolean', default: false } },
});
const bench = benches[positionals[0] ?? ''];
if (!bench || positionals.length !== 1) {
  console.error(`usage: npm run bench -- ${Object.keys(benches).join('|')} [--quick] [--json]`);
  process.exit(2);
}
exitOnSignals();
const result = await bench({ quick: values.quick, say: (line) => console.error(line) });
if (values.json) {
  const { text: _, ...object } = result;
  console.log(JSON.stringify(object));
} else {
  for (const line of result.text) console.log(line);
}
