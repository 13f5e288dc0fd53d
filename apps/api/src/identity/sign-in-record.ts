import { Injectable } from '@nestjs/common';
import { Counter } from 'prom-client';
import { AppLogger, BoundedLog, Metrics } from '#platform';

/** The outcome of a sign-in or a sign-out. */
export type SignInOutcome =
  | 'asked'
  | 'asked-in-pause'
  | 'asked-beyond-limit'
  | 'signed-in'
  | 'invalid'
  | 'code-locked'
  | 'code-required'
  | 'signed-out'
  | 'signed-out-everywhere';

/** Outcomes that any client can cause, with any address. */
const asking: readonly SignInOutcome[] = ['asked', 'asked-in-pause'];
/** Outcomes that an operator looks for during an attack. */
const warned: readonly SignInOutcome[] = ['invalid', 'code-locked', 'code-required'];

/**
 * Records sign-ins and sign-outs: a line in the log without an address or a token, and a counter. The log lines that a client can cause
 * without a session are limited, by kind and in total.
 */
@Injectable()
export class SignInRecord {
  readonly #logger: AppLogger;
  readonly #bounded: BoundedLog;
  readonly #outcomes: Counter<'outcome'>;

  constructor(logger: AppLogger, { registry }: Metrics) {
    this.#logger = logger;
    this.#bounded = new BoundedLog(logger);
    this.#outcomes = new Counter({
      name: 'comptoir_sign_ins_total',
      help: 'Sign-ins and sign-outs, by what became of them',
      labelNames: ['outcome'],
      registers: [registry],
    });
  }

  /** @param who ids, or the hash of an address */
  add(outcome: SignInOutcome, who: { address?: string; attendeeId?: string; client?: string } = {}): void {
    this.#outcomes.inc({ outcome });
    if (warned.includes(outcome)) this.#bounded.write('warn', { outcome, ...who }, 'a sign-in was refused');
    else if (asking.includes(outcome)) this.#bounded.write('info', { outcome, ...who }, 'a sign-in was requested');
    else this.#logger.info({ outcome, ...who }, 'a sign-in or a sign-out');
  }
}
