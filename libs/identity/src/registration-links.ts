import type { CodeTries } from './code-tries.ts';
import { DerivedCodes, type InstallationSecret, SealedIds, sameText } from './secrets.ts';

const CODE_DIGITS = 6;

/**
 * The key and the code in mails about one registration. The key opens the registration on a page without a session; with the code any
 * browser may change it. Both derive from the registration's id and are not stored.
 */
export class RegistrationLinks {
  readonly #keys: SealedIds;
  readonly #codes: DerivedCodes;
  readonly #tries: CodeTries;

  constructor({ APP_SECRET: secret }: InstallationSecret, tries: CodeTries) {
    this.#keys = new SealedIds(secret, 'registration-link');
    this.#codes = new DerivedCodes(secret, 'registration-code');
    this.#tries = tries;
  }

  key(registrationId: string): string {
    return this.#keys.seal(registrationId);
  }

  /** Returns the registration of a key; undefined for a key that this installation did not make. */
  opens(key: string): string | undefined {
    return this.#keys.open(key);
  }

  /** Six decimal digits. */
  code(registrationId: string): string {
    return this.#codes.code(registrationId, CODE_DIGITS);
  }

  /** Returns whether this is the code. Each try is counted. @throws ProblemError `code-locked` after 10 tries in an hour or 30 in a day. */
  async tryCode(registrationId: string, code: string): Promise<boolean> {
    await this.#tries.count(registrationId);
    return sameText(this.code(registrationId), code);
  }
}
