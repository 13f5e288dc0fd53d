import { createHmac, hash, hkdfSync, timingSafeEqual } from 'node:crypto';
import type { Configuration } from '#platform';

/** The configuration from which all keys of this lib are derived. */
export type InstallationSecret = Pick<Configuration, 'APP_SECRET'>;

const SHA256_BLOCK_BYTES = 64;
const SHA256_BYTES = 32;

/**
 * The code and the token of a sign-in challenge, derived from its id with the secret of the installation. The same id always gives the same
 * code and token, so they are never stored or enqueued.
 */
export class SignInSecrets {
  readonly #codes: DerivedCodes;
  readonly #sealed: SealedIds;

  constructor(secret: string) {
    this.#codes = new DerivedCodes(secret, 'sign-in-code');
    this.#sealed = new SealedIds(secret, 'sign-in-token');
  }

  code(challengeId: string, digits: number): string {
    return this.#codes.code(challengeId, digits);
  }

  token(challengeId: string): string {
    return this.#sealed.seal(challengeId);
  }

  /** Returns the challenge of a token; undefined for a token that this installation did not make. */
  challengeOf(token: string): string | undefined {
    return this.#sealed.open(token);
  }
}

/** Decimal codes derived from ids, for one purpose. */
export class DerivedCodes {
  readonly #key: Buffer;

  constructor(secret: string, purpose: string) {
    this.#key = derivedKey(secret, purpose);
  }

  /** @param digits at most 12, because the code is taken from 48 bits */
  code(id: string, digits: number): string {
    const number = createHmac('sha256', this.#key).update(id).digest().readUIntBE(0, 6) % 10 ** digits;
    return String(number).padStart(digits, '0');
  }
}

/** Ids with a seal that only this installation can make, for one purpose. */
export class SealedIds {
  readonly #key: Buffer;

  constructor(secret: string, purpose: string) {
    this.#key = derivedKey(secret, purpose);
  }

  /** Returns the id with its seal: 54 characters that need no escaping in a URL. */
  seal(id: string): string {
    const seal = createHmac('sha256', this.#key).update(id).digest().subarray(0, 24).toString('base64url');
    return `${Buffer.from(id.replaceAll('-', ''), 'hex').toString('base64url')}${seal}`;
  }

  /** Returns the id in a sealed text; undefined for a text that this installation did not seal. */
  open(sealed: string): string | undefined {
    if (!/^[\w-]{54}$/.test(sealed)) return undefined;
    const hex = Buffer.from(sealed.slice(0, 22), 'base64url').toString('hex');
    const id = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
    return sameText(sealed, this.seal(id)) ? id : undefined;
  }
}

/** The claim tokens: a page gets one for each registration that it claimed without a session. */
export class ClaimTokens extends SealedIds {
  constructor({ APP_SECRET: secret }: InstallationSecret) {
    super(secret, 'claim');
  }
}

/** Derives a key for one purpose, so that a signature for one purpose is not valid for another. */
export function derivedKey(secret: string, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, 'comptoir', purpose, 32));
}

/**
 * Bodies of fixed length followed by their HMAC-SHA-256 (RFC 2104), as text in base64url. Each request with a session carries one, so it is
 * read and verified in place: an `Hmac` of Node and a new buffer for each result would cost more than the computation.
 */
export class SealedBodies {
  /** A block of the key, the body, and the seal of the text. */
  readonly #inner: Buffer;
  /** A block of the key, and the hash of `#inner`. */
  readonly #outer: Buffer;
  readonly #seal = Buffer.alloc(SHA256_BYTES);
  // Parts of `#inner`: the bytes that are hashed, the sealed text, the body, and the seal of the text.
  readonly #hashed: Buffer;
  readonly #sealed: Buffer;
  readonly #body: Buffer;
  readonly #given: Buffer;

  /**
   * @param key at most 64 bytes. @param bodyBytes such that the length of body and seal is a multiple of 3: the text then needs no padding.
   */
  constructor(key: Buffer, bodyBytes: number) {
    const padded = Buffer.alloc(SHA256_BLOCK_BYTES);
    key.copy(padded);
    const bodyEnd = SHA256_BLOCK_BYTES + bodyBytes;
    this.#inner = Buffer.concat([padded.map((byte) => byte ^ 0x36), Buffer.alloc(bodyBytes + SHA256_BYTES)]);
    this.#outer = Buffer.concat([padded.map((byte) => byte ^ 0x5c), Buffer.alloc(SHA256_BYTES)]);
    this.#hashed = this.#inner.subarray(0, bodyEnd);
    this.#sealed = this.#inner.subarray(SHA256_BLOCK_BYTES);
    this.#body = this.#inner.subarray(SHA256_BLOCK_BYTES, bodyEnd);
    this.#given = this.#inner.subarray(bodyEnd);
  }

  seal(body: Uint8Array): string {
    this.#body.set(body);
    this.#given.set(this.#sealOfBody());
    return this.#sealed.toString('base64url');
  }

  /** Returns the body of a text, in a buffer that the next call overwrites; undefined for a text that was not sealed with this key. */
  open(text: string): Buffer | undefined {
    if (text.length !== (this.#sealed.length / 3) * 4) return undefined;
    if (this.#sealed.write(text, 'base64url') !== this.#sealed.length) return undefined;
    return timingSafeEqual(this.#sealOfBody(), this.#given) ? this.#body : undefined;
  }

  #sealOfBody(): Buffer {
    this.#outer.write(hash('sha256', this.#hashed, 'binary'), SHA256_BLOCK_BYTES, 'binary');
    this.#seal.write(hash('sha256', this.#outer, 'binary'), 'binary');
    return this.#seal;
  }
}

/** Compares two texts in constant time, so that the time does not reveal where they differ. */
export function sameText(one: string, other: string): boolean {
  const [left, right] = [Buffer.from(one), Buffer.from(other)];
  return left.length === right.length && timingSafeEqual(left, right);
}
