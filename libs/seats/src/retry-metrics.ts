import { Counter, type Registry } from 'prom-client';
import { retries } from './query.ts';

/** Adds the number of retried transactions of this process, by reason. Many retries mean that many people change the same few Cafés. */
export function addSeatMetrics(registry: Registry): void {
  new Counter({
    name: 'comptoir_transactions_again_total',
    help: 'Transactions that were retried: after a deadlock, or because something changed before it was locked',
    labelNames: ['why'],
    registers: [registry],
    collect() {
      this.reset();
      for (const [why, count] of Object.entries(retries)) this.inc({ why }, count);
    },
  });
}
