import type { MailKind } from '#contract';
import { type Database, prepared } from '#platform';
import type { OwedMail } from './owed-mail.ts';

/** How many mails may go to addresses that are not proved, by event and hour (table `mail_budget`), and with a code to one mailbox. */
export abstract class MailBudget {
  /**
   * Count a message to an address that is not proved in the budget of its event (none: of all events) for this hour. A message that was
   * counted before is not counted again. A mail with a code is not counted here: `takeProve`, and when it is enqueued.
   * @returns undefined where the budget allows it; else how long until there is budget again, in milliseconds
   */
  abstract take(owed: Pick<OwedMail, 'outboxId' | 'kind'>, eventId: string | undefined): Promise<number | undefined>;
  /**
   * Count the mail with a code of a guest registration in its mailbox, and in the budget where its address is not proved.
   * @param to `laterMails`: its client caused many mails, and may use a part of the budget alone
   * @returns `full` where its mailbox got its mails of this hour: it is never sent; else as `take`
   */
  abstract takeProve(
    outboxId: string,
    to: { email: string; proved: boolean; laterMails: boolean },
    eventId: string | undefined,
  ): Promise<'full' | number | undefined>;
}

/** Kinds of messages that a stranger causes by typing addresses may use this part of a budget; the rest is left to the others. */
const STRANGERS_SHARE = 0.75;
/** The part for mails of claims of clients that caused many: the rest is kept for those who caused few. */
const LATER_SHARE = 0.5;
/** The part of the budget for mails to addresses that are not proved which each kind may use. */
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
      const asked = await pool.query<{ seconds: number | null }>(
        prepared('select mail_budget_take($1, $2, $3) as seconds', [outboxId, eventId ?? null, budgetShare[kind]]),
      );
      return milliseconds(asked.rows[0]?.seconds ?? null);
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
