import { type InstallationSecret, SealedIds } from './secrets.ts';

/**
 * The cookie that names the challenges and registrations that a browser asked for. httpOnly, SameSite=Lax; Secure if the pages are served
 * over https.
 */
export const ASKED_COOKIE = 'comptoir_asked';
/** How long a browser keeps it, in days: as long as a session, because mails about a registration are sent during that time. */
export const ASKED_TTL_DAYS = 30;
/** The maximum number of ids in it. The oldest id is removed first. */
const ASKED_MAX = 8;
/** The maximum length of a value, in characters. A longer value is ignored. */
const VALUE_LENGTH_MAX = ASKED_MAX * 55;

/**
 * The value of the cookie `comptoir_asked`: sealed ids of the challenges and guest registrations that a browser asked for, joined by dots.
 * The link in a mail works without a code only in a browser that asked for it. A mail filter that opens links and presses buttons therefore
 * cannot sign in.
 */
export class AskedCookie {
  readonly #sealed: SealedIds;

  constructor({ APP_SECRET: secret }: InstallationSecret) {
    this.#sealed = new SealedIds(secret, 'asked');
  }

  /** Returns the value with the id of another challenge or registration. */
  add(value: string | undefined, id: string): string {
    return [...this.ids(value).filter((each) => each !== id), id]
      .slice(-ASKED_MAX)
      .map((each) => this.#sealed.seal(each))
      .join('.');
  }

  has(value: string | undefined, id: string): boolean {
    return this.ids(value).includes(id);
  }

  /** Returns the ids in the value, oldest first, without ids that this installation did not seal. */
  ids(value: string | undefined): string[] {
    if (!value || value.length > VALUE_LENGTH_MAX) return [];
    return value.split('.').flatMap((sealed) => this.#sealed.open(sealed) ?? []);
  }
}
