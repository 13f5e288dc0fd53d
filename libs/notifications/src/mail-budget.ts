import type { MailKind } from '#contract';
import { type Database, prepared } from '#platform';
import type { OutboxMail } from './outbox-mail.ts';

/** Limits the mails to addresses that are not proved, by event and hour (table `mail_budget`), and the mails with a code to one mailbox. */
export abstract class MailBudget {
  /**
   * Counts a message to an address that is not proved in the budget of its event for this hour; without an event, in the budget of all
   * events. A message is counted once. Mails with a code are not counted here: `takeProve` counts those of guest registrations, and sign-in
   * mails are counted when they are enqueued.
   * @returns undefined when the budget allows the message; otherwise the milliseconds until there is budget again
   */
  abstract take(mail: Pick<OutboxMail, 'outboxId' | 'kind'>, eventId: string | undefined): Promise<number | undefined>;
  /**
   * Counts the mail with the code of a guest registration in its mailbox and, when the address is not proved, in the budget.
   * @param to `laterMails`: the client caused many mails before, and may use only a part of the budget
   * @returns `full` when the mailbox got all its mails of this hour (the mail is never sent); otherwise as `take`
   */
  abstract takeProve(
    outboxId: string,
    to: { email: string; proved: boolean; laterMails: boolean },
    eventId: string | undefined,
  ): Promise<'full' | number | undefined>;
}

/** The part of a budget for the kinds of messages that a stranger causes by typing addresses. The rest is for the other kinds. */
const STRANGERS_SHARE = 0.75;
/** The part of a budget for mails of clients that caused many mails before. The rest is for clients that caused few. */
const LATER_SHARE = 0.5;
/** The part of the budget for addresses that are not proved that each kind may use. */
const budgetShare: Record<MailKind, number> = {
  'sign-in-code': 1,
  'prove-address': STRANGERS_SHARE,
  waitlisted: STRANGERS_SHARE,
  cancelled: STRANGERS_SHARE,
  'offer-expired': STRANGERS_SHARE,
  confirmed: 1,
  'moved-up': 1,
  offered: 1,
  swapped: 1,
  'line-closed': 1,
  'cafe-moved': 1,
  'cancelled-by-organiser': 1,
  'capacity-lost': 1,
  'seat-released': 1,
  'delegation-summary': 1,
  'reminder-day-before': 1,
  'reminder-soon': 1,
  'host-list': 1,
  thanks: 1,
};

export function openMailBudget({ database: { pool } }: { database: Database }): MailBudget {
  return {
    async take({ outboxId, kind }, eventId) {
      const result = await pool.query<{ seconds: number | null }>(
        prepared('select mail_budget_take($1, $2, $3) as seconds', [outboxId, eventId ?? null, budgetShare[kind]]),
      );
      return milliseconds(result.rows[0]?.seconds ?? null);
    },

    async takeProve(outboxId, { email, proved, laterMails }, eventId) {
      const share = laterMails ? LATER_SHARE : budgetShare['prove-address'];
      const { rows } = await pool.query<{ fits: boolean; wait_seconds: number | null }>(
        prepared('select * from prove_mail_take($1, $2, $3, $4)', [
          outboxId,
          email,
          eventId ?? null,
          proved ? null : share,
        ]),
      );
      const { fits, wait_seconds: seconds } = rows[0] as (typeof rows)[0];
      return fits ? milliseconds(seconds) : 'full';
    },
  };
}

const milliseconds = (seconds: number | null) => (seconds === null ? undefined : seconds * 1_000);
