import { createHmac } from 'node:crypto';
import type { Locale } from '#contract';
import type { AskedCookie } from './asked-cookie.ts';
import type { Attendees } from './attendees.ts';
import type { Challenge, Challenges, MailAgain, Presented } from './challenges.ts';
import type { CodeTries } from './code-tries.ts';
import { type ClaimTokens, derivedKey, type InstallationSecret } from './secrets.ts';

/** The part of the budget of mails to unproved addresses for clients that caused many mails; the rest is for those that caused few. */
const LATER_SHARE = 0.5;

/** What opens a sign-in: the code of a mail, or the token of its link, which needs the code in a browser that did not ask for the mail. */
export type SignInAnswer = { email: string; code: string } | { token: string; code?: string };

/** What a browser presents: the value of the cookie `comptoir_asked`, and the claim tokens of its guest registrations. */
export interface FromBrowser {
  asked?: string;
  claimTokens?: readonly string[];
}

/** A code or a token that was right. */
export interface Verified {
  attendeeId: string;
  challengeId: string;
  /** The guest registrations that it confirms: that of the challenge, and those of the claim tokens that were presented. */
  registrationIds: string[];
  /** The claim token of its registration was presented. */
  byClaim: boolean;
}

/** A link was opened in a browser that did not ask for its mail: there it signs in together with the code of the mail. */
export class CodeRequired extends Error {
  readonly email: string;
  /** The guest registration that its mail is about. */
  readonly registrationId: string | undefined;

  constructor({ email, registrationId }: Challenge) {
    super('the code of the mail is required');
    this.name = 'CodeRequired';
    this.email = email;
    this.registrationId = registrationId;
  }
}

/** Signing in by a mail with a code and a link (docs/adr/0015). */
export class SignIn {
  readonly #attendees: Attendees;
  readonly #challenges: Challenges;
  readonly #tries: CodeTries;
  readonly #askedCookie: AskedCookie;
  readonly #claimTokens: ClaimTokens;
  /** For hashes of addresses in logs. */
  readonly #logKey: Buffer;

  constructor(
    attendees: Attendees,
    challenges: Challenges,
    tries: CodeTries,
    askedCookie: AskedCookie,
    claimTokens: ClaimTokens,
    { APP_SECRET: secret }: InstallationSecret,
  ) {
    this.#attendees = attendees;
    this.#challenges = challenges;
    this.#tries = tries;
    this.#askedCookie = askedCookie;
    this.#claimTokens = claimTokens;
    this.#logKey = derivedKey(secret, 'log');
  }

  /**
   * Enqueues the mail with a code and a link to an address, known or not. A mailbox, however it is spelled, gets a limited number of mails
   * in an hour, with pauses between them, and mails to unproved addresses have a budget.
   * @param request `localeFallback`: the language where none is asked for and no attendee has one; `asked`: the value of the cookie `comptoir_asked`; `token`: of the link that the browser has open, whose mail is sent
   *   again (this never makes it a browser that asked, since a mail filter presses this button too); `later`: the client caused many
   *   mails and may use a part of the budget alone
   * @returns `asked`: the new value of that cookie, for a browser that asked (this call made the challenge, or the cookie named it before);
   *   `again`: no mail is sent now
   */
  async ask(request: {
    email: string;
    locale?: Locale;
    localeFallback?: Locale;
    asked?: string;
    token?: string;
    later?: boolean;
  }): Promise<{ asked?: string; again?: MailAgain }> {
    const { email, locale, localeFallback, asked, token, later = false } = request;
    const askedIds = this.#askedCookie.ids(asked);
    const share = later ? LATER_SHARE : 1;
    const { challengeId, isNew, again } = await this.#challenges.ask(email, locale, {
      askedIds,
      token,
      share,
      localeFallback,
    });
    const hasAsked = askedIds.includes(challengeId) || (isNew && token === undefined);
    return { ...(hasAsked && { asked: this.#askedCookie.add(asked, challengeId) }), ...(again && { again }) };
  }

  /**
   * Checks a code or the token of a link. When it is right, the attendee exists and their address is proved; the challenge stays open
   * until `consume`, so that an error in between leaves the code and the link usable. A code counts as a try of its address; with the
   * token of its link, or the claim token of its registration, as a try of its challenge.
   * @returns undefined when the code or the token opens nothing
   * @throws ProblemError `code-locked` when the address, known or not, or the challenge had too many tries
   * @throws CodeRequired for a token without its code in a browser that did not ask for it; nothing is used up
   */
  async verify(answer: SignInAnswer, browser: FromBrowser = {}): Promise<Verified | undefined> {
    const presented = this.#presentedBy(browser);
    const { claimedIds } = presented;
    const open =
      'token' in answer
        ? await this.#openedByLink(answer, presented)
        : await this.#openedByCode(answer.email, answer.code, presented);
    if (!open) return undefined;
    const { id: challengeId, email, locale, registrationId } = open;
    return {
      attendeeId: await this.#attendees.proveAddress(email, locale),
      challengeId,
      registrationIds: [...new Set([...(registrationId ? [registrationId] : []), ...claimedIds])],
      byClaim: registrationId !== undefined && claimedIds.includes(registrationId),
    };
  }

  /**
   * Reads what a link would do in this browser by its token alone. Nothing is used up.
   * @returns the guest registration that its mail is about, if there is one; undefined when the token opens nothing
   * @throws CodeRequired as `verify`
   */
  async readLink(token: string, browser: FromBrowser = {}): Promise<{ registrationId?: string } | undefined> {
    const open = await this.#openedByLink({ token }, this.#presentedBy(browser));
    return open && { registrationId: open.registrationId };
  }

  /**
   * Ends the challenge and all others of its address. Call it when everything that a sign-in does is done.
   * @returns false when another request ended it first: then this request must not sign in
   */
  consume({ challengeId, byClaim }: Verified): Promise<boolean> {
    return this.#challenges.consume(challengeId, byClaim);
  }

  /** A short keyed hash of an address, for logs. */
  hashOf(email: string): string {
    return createHmac('sha256', this.#logKey).update(email).digest('base64url').slice(0, 12);
  }

  /**
   * The challenge of an address that a code opens. The try is counted before anything is compared: by the challenge when the claim token
   * of its registration is presented, so that those who have none cannot use up the tries of the page that claimed. Anybody may claim with
   * any address, in many Cafés, so these tries have a limit by address as well, apart from that of the others.
   */
  async #openedByCode(email: string, code: string, presented: Presented): Promise<Challenge | undefined> {
    const open = await this.#challenges.ofAddress(email, presented);
    const byClaim = open?.registrationId !== undefined && presented.claimedIds.includes(open.registrationId);
    if (byClaim) await this.#challenges.countTry(open);
    await this.#tries.count(byClaim ? `claims with ${email}` : email);
    return this.#challenges.isCode(open, code) ? open : undefined;
  }

  /** The challenge of a link. In a browser that is not known to have asked for it, the code of the mail must be given too. */
  async #openedByLink(
    { token, code }: { token: string; code?: string },
    presented: Presented,
  ): Promise<Challenge | undefined> {
    const open = await this.#challenges.ofToken(token, code !== undefined);
    if (!open) return undefined;
    if (code !== undefined && !open.reusable) {
      await this.#challenges.countTry(open);
      return this.#challenges.isCode(open, code) ? open : undefined;
    }
    if (!open.reusable && !hasAskedFor(open, presented)) throw new CodeRequired(open);
    return open;
  }

  #presentedBy({ asked, claimTokens = [] }: FromBrowser): Presented {
    const claimedIds = claimTokens.flatMap((token) => this.#claimTokens.open(token) ?? []);
    return { askedIds: this.#askedCookie.ids(asked), claimedIds };
  }
}

/** Whether a browser asked for a challenge: itself, or by claiming the registration that it is for. */
function hasAskedFor({ id, registrationId }: Challenge, { askedIds, claimedIds }: Presented): boolean {
  return [id, registrationId].some((each) => each && [...askedIds, ...claimedIds].includes(each));
}
