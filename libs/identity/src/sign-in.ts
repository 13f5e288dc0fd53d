import { createHmac } from 'node:crypto';
import type { Locale } from '#contract';
import type { AskedCookie } from './asked-cookie.ts';
import type { Attendees } from './attendees.ts';
import type { Challenge, Challenges, Presented, ResendDelay } from './challenges.ts';
import type { CodeTries } from './code-tries.ts';
import { type ClaimTokens, derivedKey, type InstallationSecret } from './secrets.ts';

/** The part of the budget of mails to unproved addresses for clients that caused many mails; the rest is for those that caused few. */
const LATER_SHARE = 0.5;

/**
 * The answer to a challenge: the code of a mail, or the token of its link. In a browser that did not ask for the mail, the token needs the
 * code too.
 */
export type SignInAnswer = { email: string; code: string } | { token: string; code?: string };

/** What a browser presents: the value of the cookie `comptoir_asked`, and the claim tokens of its guest registrations. */
export interface BrowserCredentials {
  asked?: string;
  claimTokens?: readonly string[];
}

/** The result of a right code or token. */
export interface Verified {
  attendeeId: string;
  challengeId: string;
  /** The guest registrations that the sign-in confirms: that of the challenge, and those of the presented claim tokens. */
  registrationIds: string[];
  /** The claim token of its registration was presented. */
  byClaim: boolean;
}

/** A link was opened in a browser that did not ask for its mail. It signs in together with the code of the mail. */
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

/** Sign-in by a mail with a code and a link (docs/adr/0015). */
export class SignIn {
  readonly #attendees: Attendees;
  readonly #challenges: Challenges;
  readonly #tries: CodeTries;
  readonly #askedCookie: AskedCookie;
  readonly #claimTokens: ClaimTokens;
  /** The key for hashes of addresses in logs. */
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
   * Enqueues the mail with a code and a link to an address, known or not. The number of mails an hour to a mailbox, in all spellings of its
   * address, is limited, with pauses between them. Mails to unproved addresses have a budget.
   * @param request `localeFallback`: the language if none is requested and no attendee has one; `asked`: the value of the cookie
   * `comptoir_asked`; `token`: of the link that is open in the browser, whose mail is sent again (the browser does not count as one that
   * asked, because a mail filter presses this button too); `later`: the client caused many mails, and may use only a part of the budget
   * @returns `asked`: the new value of that cookie, for a browser that asked (this call created the challenge, or the cookie already named
   * it); `again`: no mail is sent now
   */
  async ask(request: {
    email: string;
    locale?: Locale;
    localeFallback?: Locale;
    asked?: string;
    token?: string;
    later?: boolean;
  }): Promise<{ asked?: string; again?: ResendDelay }> {
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
   * Checks a code or the token of a link. If it is right, the attendee exists afterwards and the address is proved. The challenge stays
   * open until `consume`, so that the code and the link stay usable after an error in between. A code counts as a try of its address. With
   * the token of its link, or the claim token of its registration, it counts as a try of its challenge instead.
   * @returns undefined if the code or the token is not valid
   * @throws ProblemError `code-locked` after too many tries of the address, known or not, or of the challenge
   * @throws CodeRequired for a token without its code in a browser that did not ask for it; nothing is consumed
   */
  async verify(answer: SignInAnswer, browser: BrowserCredentials = {}): Promise<Verified | undefined> {
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
   * Returns what a link would do in this browser with its token alone. Nothing is consumed.
   * @returns the guest registration that its mail is about, if there is one; undefined if the token is not valid
   * @throws CodeRequired as `verify`
   */
  async readLink(token: string, browser: BrowserCredentials = {}): Promise<{ registrationId?: string } | undefined> {
    const open = await this.#openedByLink({ token }, this.#presentedBy(browser));
    return open && { registrationId: open.registrationId };
  }

  /**
   * Ends the challenge and all others of its address. Call it after all other steps of the sign-in.
   * @returns false if another request ended it first: then this request must not sign in
   */
  consume({ challengeId, byClaim }: Verified): Promise<boolean> {
    return this.#challenges.consume(challengeId, byClaim);
  }

  /** A short keyed hash of an address, for logs. */
  hashOf(email: string): string {
    return createHmac('sha256', this.#logKey).update(email).digest('base64url').slice(0, 12);
  }

  /**
   * Returns the challenge of an address for a right code. The try is counted before the comparison. With the claim token of its
   * registration, it is counted for the challenge, so that clients without that token cannot use up the tries of the page that claimed.
   * These tries also have a separate limit for each address, because a client may claim with any address in many Cafés.
   */
  async #openedByCode(email: string, code: string, presented: Presented): Promise<Challenge | undefined> {
    const open = await this.#challenges.ofAddress(email, presented);
    const byClaim = open?.registrationId !== undefined && presented.claimedIds.includes(open.registrationId);
    if (byClaim) await this.#challenges.countTry(open);
    await this.#tries.count(byClaim ? `claims with ${email}` : email);
    return this.#challenges.isCode(open, code) ? open : undefined;
  }

  /** Returns the challenge of a link. A browser that is not known to have asked for it must send the code of the mail too. */
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

  #presentedBy({ asked, claimTokens = [] }: BrowserCredentials): Presented {
    const claimedIds = claimTokens.flatMap((token) => this.#claimTokens.open(token) ?? []);
    return { askedIds: this.#askedCookie.ids(asked), claimedIds };
  }
}

/** Returns whether a browser asked for a challenge, directly or by claiming its registration. */
function hasAskedFor({ id, registrationId }: Challenge, { askedIds, claimedIds }: Presented): boolean {
  return [id, registrationId].some((each) => each && [...askedIds, ...claimedIds].includes(each));
}
