import { defaultLocale } from '#contract';
import type { Configuration } from '#platform';
import type { Attendees } from './attendees.ts';
import type { Challenge, Challenges } from './challenges.ts';

/** Creates the codes and links for the mails that contain them. */
export class SignInMails {
  readonly #attendees: Attendees;
  readonly #challenges: Challenges;
  /** The address of the pages, without a slash at the end. */
  readonly #publicUrl: string;

  constructor(attendees: Attendees, challenges: Challenges, { PUBLIC_URL }: Pick<Configuration, 'PUBLIC_URL'>) {
    this.#attendees = attendees;
    this.#challenges = challenges;
    this.#publicUrl = PUBLIC_URL;
  }

  /** Returns a challenge, open or not. */
  findChallenge(challengeId: string): Promise<Challenge | undefined> {
    return this.#challenges.find(challengeId);
  }

  /**
   * Returns the challenge for a mail to an attendee that is being written: the open one of this registration, otherwise a new one.
   * @param mail `until`: the code and link work at least until then (ISO 8601)
   * @returns the challenge's id
   */
  async challengeForMail(mail: { attendeeId: string; registrationId?: string; until?: string }): Promise<string> {
    const attendee = await this.#attendees.findById(mail.attendeeId);
    if (!attendee?.email) throw new Error('there is no such attendee, or no address of theirs');
    const { email, locale } = attendee;
    return this.#challenges.forMail({ email, locale }, mail.registrationId, mail.until);
  }

  /** The code of a challenge: six digits, eight for attendees with a role. */
  async codeOf(challengeId: string): Promise<string> {
    const found = await this.#challenges.find(challengeId);
    if (!found) throw new Error('there is no such challenge');
    return this.#challenges.secrets.code(challengeId, found.digits);
  }

  /** The address of the page that signs in after one click; `next` is the path of the page that opens afterwards. */
  linkOf(challengeId: string, next?: string): string {
    const link = new URL(`${this.#publicUrl}/sign-in`);
    link.searchParams.set('token', this.#challenges.secrets.token(challengeId));
    if (next) link.searchParams.set('next', next);
    return link.href;
  }

  /** Creates a link for the operator of an installation, good until it expires. The attendee is created, and the address is trusted. */
  async createOperatorLink(
    email: string,
    { ttlHours, next, name }: { ttlHours: number; next?: string; name?: string },
  ): Promise<string> {
    await this.#attendees.proveAddress(email, defaultLocale, { name, keepLocale: true });
    return this.linkOf(await this.#challenges.addReusable(email, defaultLocale, ttlHours * 60), next);
  }
}
