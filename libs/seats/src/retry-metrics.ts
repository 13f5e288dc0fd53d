import { Counter, type Registry } from 'prom-client';
import { retries } from './query.ts';

/** Tell in a registry how many transactions of this process were run again, and why: many of them are a sign of a crowd at few Cafés. */
export function addSeatFigures(registry: Registry): void {
  new Counter({
    name: 'comptoir_transactions_again_total',
    help: 'Transactions that were run again: after a deadlock, or because something changed before it was locked',
    labelNames: ['why'],
    registers: [registry],
    collect() {
      this.reset();
      for (const [why, count] of Object.entries(retries)) this.inc({ why }, count);
    },
  });
}
