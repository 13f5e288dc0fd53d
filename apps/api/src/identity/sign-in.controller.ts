import { Controller } from '@nestjs/common';
import {
  type CodeRequiredMembers,
  type LinkPreview,
  type LinkRegistration,
  type Locale,
  type Me,
  type ProblemCode,
  ProblemError,
  type SignInAnswer,
  type SignInRequestAnswer,
} from '#contract';
import { Attendees, CodeRequired, Sessions, SignIn } from '#identity';
import { GuestRegistrations, MessageReads } from '#seats';
import { type CallInput, Handles } from '../http/call.ts';
import { Cookies } from '../http/cookies.ts';
import { Deliverable } from '../http/deliverable.ts';
import { FairShare } from '../http/fair-share.ts';
import { localeOf } from '../http/locale.ts';
import { CafeView } from '../programme/cafe-view.ts';
import { type SignInOutcome, SignInRecord } from './sign-in-record.ts';

/** Sign-in, sign-out, and the profile of the signed-in attendee. */
@Controller()
export class SignInController {
  readonly #signIn: SignIn;
  readonly #attendees: Attendees;
  readonly #sessions: Sessions;
  readonly #guests: GuestRegistrations;
  readonly #messages: MessageReads;
  readonly #cookies: Cookies;
  readonly #view: CafeView;
  readonly #record: SignInRecord;
  readonly #fairShare: FairShare;
  readonly #deliverable: Deliverable;

  constructor(
    signIn: SignIn,
    attendees: Attendees,
    sessions: Sessions,
    guests: GuestRegistrations,
    messages: MessageReads,
    cookies: Cookies,
    view: CafeView,
    record: SignInRecord,
    fairShare: FairShare,
    deliverable: Deliverable,
  ) {
    this.#signIn = signIn;
    this.#attendees = attendees;
    this.#sessions = sessions;
    this.#guests = guests;
    this.#messages = messages;
    this.#cookies = cookies;
    this.#view = view;
    this.#record = record;
    this.#fairShare = fairShare;
    this.#deliverable = deliverable;
  }

  /** The answer is the same for all addresses, known or not. */
  @Handles('POST /sign-in')
  async ask({ body, request, reply }: CallInput<'POST /sign-in'>): Promise<SignInRequestAnswer> {
    const mail = await this.#fairShare.admit(request, 'sign-in', body.email);
    await this.#deliverable.check({ email: body.email });
    const later = mail === 'later';
    const { asked, again } = await this.#signIn.ask({
      ...body,
      localeFallback: localeOf(request),
      asked: this.#cookies.asked(request),
      later,
    });
    if (asked !== undefined) this.#cookies.setAsked(reply, asked);
    this.#record.add(outcomeOf(again), { address: this.#signIn.hashOf(body.email) });
    if (!again) return { status: 'sent' };
    return { status: again.codeIsGood ? 'sent-already' : 'sent-later', againInSeconds: again.inSeconds };
  }

  /** Returns what a click on a link does, so that its page shows the seat, and requests the code immediately if it is required. */
  @Handles('POST /sign-in/look')
  async look({ body, request, locale }: CallInput<'POST /sign-in/look'>): Promise<LinkPreview> {
    const { token, claimTokens } = body;
    await this.#fairShare.admit(request, 'verify');
    try {
      const asked = this.#cookies.asked(request);
      const link = await this.#signIn.readLink(token, { asked, claimTokens });
      if (!link) throw new ProblemError('sign-in-invalid');
      const registration = await this.#registrationOfLink(link.registrationId, locale);
      return { ...(registration && { registration }) };
    } catch (error) {
      throw error instanceof CodeRequired ? await this.#codeRequired(error, locale) : error;
    }
  }

  @Handles('POST /sign-in/verify')
  async verify(input: CallInput<'POST /sign-in/verify'>): Promise<SignInAnswer> {
    const { body, request, locale } = input;
    const isCode = body.code !== undefined;
    await this.#fairShare.admit(request, isCode ? 'code' : 'verify');
    try {
      const attendee = await this.#openSession(input);
      if (isCode) await this.#fairShare.rightCode(request);
      this.#record.add('signed-in', { attendeeId: attendee.id });
      return { attendee };
    } catch (error) {
      const problem = error instanceof CodeRequired ? await this.#codeRequired(error, locale) : error;
      const outcome = problem instanceof ProblemError && refused[problem.code];
      if (outcome) this.#record.add(outcome, 'email' in body ? { address: this.#signIn.hashOf(body.email) } : {});
      throw problem;
    }
  }

  /** @throws ProblemError `sign-in-invalid`, `code-locked`; CodeRequired */
  async #openSession({ body, request, reply }: CallInput<'POST /sign-in/verify'>): Promise<Me> {
    const { claimTokens, ...answer } = body;
    const verified = await this.#signIn.verify(answer, { asked: this.#cookies.asked(request), claimTokens });
    if (!verified) throw new ProblemError('sign-in-invalid');
    await this.#guests.prove(verified.attendeeId, verified.registrationIds);
    const attendee = await this.#attendees.profileOf(verified.attendeeId);
    if (!attendee || !(await this.#signIn.consume(verified))) throw new ProblemError('sign-in-invalid');
    // Ends the earlier session of the browser, because another person may have a copy of its cookie.
    const before = this.#cookies.session(request);
    if (before) await this.#sessions.end(before.sessionId);
    this.#cookies.setSession(reply, this.#sessions.open(verified.attendeeId));
    return attendee;
  }

  /** Returns the address and the seat for which the code is required. The holder of the token may see both. */
  async #codeRequired({ email, registrationId }: CodeRequired, locale: Locale): Promise<ProblemError> {
    const registration = await this.#registrationOfLink(registrationId, locale);
    const members: CodeRequiredMembers = { email, ...(registration && { registration }) };
    return new ProblemError('code-required', members);
  }

  async #registrationOfLink(id: string | undefined, locale: Locale): Promise<LinkRegistration | undefined> {
    const found = id === undefined ? undefined : await this.#messages.seatNow(id);
    if (!found) return undefined;
    const { cafeId, startsAt, endsAt } = found.registration;
    const placed = await this.#view.placed(cafeId, locale);
    const by = found.delegatedBy && (await this.#attendees.findById(found.delegatedBy));
    return { cafeId, startsAt, endsAt, ...placed, ...(by && { registeredBy: by.email }) };
  }

  @Handles('POST /sign-out')
  async signOut({ body, request, reply }: CallInput<'POST /sign-out'>): Promise<void> {
    const { everywhere = false } = body;
    const session = this.#cookies.session(request);
    if (session) {
      const { attendeeId, sessionId } = session;
      await (everywhere ? this.#sessions.endAll(attendeeId) : this.#sessions.end(sessionId));
      this.#record.add(everywhere ? 'signed-out-everywhere' : 'signed-out', { attendeeId });
    }
    this.#cookies.clearSession(reply);
  }

  @Handles('GET /me')
  async me({ session }: CallInput<'GET /me'>): Promise<Me> {
    const me = await this.#attendees.profileOf(session.attendeeId);
    if (!me) throw new ProblemError('not-signed-in');
    return me;
  }

  @Handles('PATCH /me')
  changeMe({ session, body }: CallInput<'PATCH /me'>): Promise<Me> {
    return this.#attendees.updateProfile(session.attendeeId, body);
  }
}

function outcomeOf(again: { codeIsGood: boolean } | undefined): SignInOutcome {
  if (!again) return 'asked';
  return again.codeIsGood ? 'asked-in-pause' : 'asked-beyond-limit';
}

const refused: Partial<Record<ProblemCode, SignInOutcome>> = {
  'sign-in-invalid': 'invalid',
  'code-locked': 'code-locked',
  'code-required': 'code-required',
};
