import { type InstallationSecret, SealedIds } from './secrets.ts';

/** The cookie that names what a browser asked for. httpOnly, SameSite=Lax; Secure where the pages are served over https. */
export const ASKED_COOKIE = 'comptoir_asked';
/** How long a browser keeps it, in days: mails about a registration come for as long as a session lasts. */
export const ASKED_TTL_DAYS = 30;
/** The most ids in it: the oldest goes first. */
const ASKED_MAX = 8;
/** A longer value is not read. */
const VALUE_LENGTH_MAX = ASKED_MAX * 55;

/**
 * The value of the cookie `comptoir_asked`: sealed ids of the challenges and guest registrations that a browser asked for, joined by dots.
 * The link of a mail works without a code only in a browser that asked for it, so that a mail filter that presses every button cannot sign in.
 */
export class AskedCookie {
  readonly #sealed: SealedIds;

  constructor({ APP_SECRET: secret }: InstallationSecret) {
    this.#sealed = new SealedIds(secret, 'asked');
  }

  /** The value with one more id of a challenge or a registration. */
  add(value: string | undefined, id: string): string {
    return [...this.ids(value).filter((each) => each !== id), id]
      .slice(-ASKED_MAX)
      .map((each) => this.#sealed.seal(each))
      .join('.');
  }

  has(value: string | undefined, id: string): boolean {
    return this.ids(value).includes(id);
  }

  /** The ids in the value, oldest first, without ids that this installation did not seal. */
  ids(value: string | undefined): string[] {
    if (!value || value.length > VALUE_LENGTH_MAX) return [];
    return value.split('.').flatMap((sealed) => this.#sealed.open(sealed) ?? []);
  }
}
