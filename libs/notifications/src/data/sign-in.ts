import type { OutboxMail } from '../outbox-mail.ts';
import { OverBudget } from '../over-budget.ts';
import type { MailChallenge, ReachableAttendee } from '../readers.ts';
import type { MailContext } from './context.ts';

/**
 * The longest wait for the budget of the mail with a code to a guest on the waitlist, in milliseconds. After that, the page of the
 * registration sends another mail.
 */
const BUDGET_WAIT_MAX_MS = 3_600_000;

/** The data of mails with a code and a link. */
export class SignInMailData<Typed> {
  readonly #context: MailContext<Typed>;

  constructor(context: MailContext<Typed>) {
    this.#context = context;
  }

  /**
   * A sign-in mail; undefined when its challenge has expired. The mail was counted in its mailbox and in the budget when it was enqueued.
   */
  async signIn({ challengeId, takenAt }: OutboxMail) {
    const { attendees, signIn, typed } = this.#context.sources;
    const challenge = challengeId ? await signIn.challenge(challengeId) : undefined;
    const minutes = challenge && minutesLeft(challenge, takenAt);
    if (!challenge || !minutes || minutes.link === 0) return undefined;
    const { id, email, locale } = challenge;
    const attendee = await attendees.attendeeByEmail(email);
    return {
      message: {
        kind: 'sign-in-code' as const,
        link: signIn.signInLink(id, '/me'),
        linkMinutes: minutes.link,
        ...(minutes.code > 0 && { code: { digits: await signIn.signInCode(id), minutes: minutes.code } }),
      },
      to: { name: typed(attendee?.name ?? ''), address: email, proved: attendee?.proved ?? false, locale },
    };
  }

  /**
   * The mail with the code that proves the address of a guest registration, within the limit of the mailbox and the budget. A mail whose
   * wait for the budget would be too long is not sent, because it would use up the budget of a later hour.
   * @throws OverBudget
   */
  async proveAddress(mail: OutboxMail, attendee: ReachableAttendee, eventId: string | undefined) {
    const { seats, signIn, budget } = this.#context.sources;
    const now = mail.registrationId ? await seats.seat(mail.registrationId) : undefined;
    if (!now) return undefined;
    const { id: registrationId, status, guest, expiresAt, waitlistPosition, proveBy } = now.registration;
    // The registration was confirmed or has ended: there is no address to prove any more.
    if (!guest || (status !== 'held' && status !== 'waitlisted')) return undefined;
    const { attendeeId, locale } = attendee;
    const registeredBy = await this.#context.registeredBy(attendeeId, now);
    // The mail contains only one code: the one that confirms.
    const { keyed, ...seat } = await this.#context.seat(now.registration, locale);
    const until = expiresAt ?? proveBy;
    const { waitsTogether } = now;

    const waitMs = await budget.takeProve(mail.outboxId, attendee, eventId);
    if (waitMs === 'full') return undefined;
    if (waitMs !== undefined) {
      const endsAt = until ? Date.parse(until) : mail.triedSince.getTime() + BUDGET_WAIT_MAX_MS;
      if (mail.takenAt.getTime() + waitMs > endsAt) return undefined;
      throw new OverBudget(waitMs);
    }
    // A new code and link for this message. They are made last, when the message may be sent.
    const challengeId = await signIn.challengeFor({ attendeeId, registrationId, ...(until && { until }) });
    const link = signIn.signInLink(challengeId, `/registrations/${registrationId}`);
    const code = await signIn.signInCode(challengeId);
    return {
      kind: 'prove-address' as const,
      code,
      link,
      seat,
      expiresAt,
      waitlistPosition,
      proveBy,
      waitsTogether,
      registeredBy,
    };
  }
}

/** How long a code and its link are valid, in whole minutes, by the database's clock. */
function minutesLeft({ expiresAt, codeExpiresAt }: MailChallenge, now: Date) {
  const until = (instant: string) => Math.max(0, Math.round((Date.parse(instant) - now.getTime()) / 60_000));
  return { link: until(expiresAt), code: until(codeExpiresAt) };
}
