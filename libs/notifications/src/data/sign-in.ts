import { OverBudget } from '../over-budget.ts';
import type { OwedMail } from '../owed-mail.ts';
import type { MailAttendee, MailChallenge } from '../readers.ts';
import type { MailContext } from './context.ts';

/** The mail with a code of a guest on the waitlist waits so long for its budget, in milliseconds: its page sends another. */
const BUDGET_WAIT_MAX_MS = 3_600_000;

/** The data of mails with a code and a link. */
export class SignInMailData<Typed> {
  readonly #context: MailContext<Typed>;

  constructor(context: MailContext<Typed>) {
    this.#context = context;
  }

  /** A sign-in that somebody asked for; undefined where it is over. It was counted in its mailbox and in the budget when it was enqueued. */
  async signIn({ challengeId, takenAt }: OwedMail) {
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
   * The code that proves the address of a guest registration, where its mailbox and its budget allow it. What would come too late by the
   * time that there is budget again is not sent: it would use up the budget of that hour.
   * @throws OverBudget
   */
  async proveAddress(owed: OwedMail, attendee: MailAttendee, eventId: string | undefined) {
    const { seats, signIn, budget } = this.#context.sources;
    const now = owed.registrationId ? await seats.seat(owed.registrationId) : undefined;
    if (!now) return undefined;
    const { id: registrationId, status, guest, expiresAt, waitlistPosition, proveBy } = now.registration;
    // Confirmed by its person or over by now: there is nothing left to prove for this seat.
    if (!guest || (status !== 'held' && status !== 'waitlisted')) return undefined;
    const { attendeeId, locale } = attendee;
    const registeredBy = await this.#context.registeredBy(attendeeId, now);
    // One code in one message: this one confirms.
    const { keyed, ...seat } = await this.#context.seat(now.registration, locale);
    const until = expiresAt ?? proveBy;
    const { waitsTogether } = now;

    const waitMs = await budget.takeProve(owed.outboxId, attendee, eventId);
    if (waitMs === 'full') return undefined;
    if (waitMs !== undefined) {
      const endsAt = until ? Date.parse(until) : owed.triedSince.getTime() + BUDGET_WAIT_MAX_MS;
      if (owed.takenAt.getTime() + waitMs > endsAt) return undefined;
      throw new OverBudget(waitMs);
    }
    // A code and a link for this message alone, made when all else is known and the message may be sent.
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

/** How long a code and its link are still good for, in whole minutes; by the database's clock, as their ends are. */
function minutesLeft({ expiresAt, codeExpiresAt }: MailChallenge, now: Date) {
  const until = (instant: string) => Math.max(0, Math.round((Date.parse(instant) - now.getTime()) / 60_000));
  return { link: until(expiresAt), code: until(codeExpiresAt) };
}
