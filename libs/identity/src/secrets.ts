import { createHmac, hash, hkdfSync, timingSafeEqual } from 'node:crypto';
import type { Configuration } from '#platform';

/** The configuration from which every key of this lib is derived. */
export type InstallationSecret = Pick<Configuration, 'APP_SECRET'>;

const SHA256_BLOCK_BYTES = 64;
const SHA256_BYTES = 32;

/**
 * The code and the token of a sign-in challenge, derived from its id with the secret of the installation: the same id
 * always gives the same code and token, so neither is ever stored or put into a queue.
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

  /** The challenge that a token was made for; undefined for anything that this installation did not make. */
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

  /** @param digits at most 12: the code is taken from 48 bits. */
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

  /** The id and its seal, 54 characters that need no escaping in a URL. */
  seal(id: string): string {
    const seal = createHmac('sha256', this.#key).update(id).digest().subarray(0, 24).toString('base64url');
    return `${Buffer.from(id.replaceAll('-', ''), 'hex').toString('base64url')}${seal}`;
  }

  /** The id in a sealed text; undefined for anything that was not sealed here. */
  open(sealed: string): string | undefined {
    if (!/^[\w-]{54}$/.test(sealed)) return undefined;
    const hex = Buffer.from(sealed.slice(0, 22), 'base64url').toString('hex');
    const id = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
    return sameText(sealed, this.seal(id)) ? id : undefined;
  }
}

/** Tokens that a page gets for each registration which it claimed without a session. */
export class ClaimTokens extends SealedIds {
  constructor({ APP_SECRET: secret }: InstallationSecret) {
    super(secret, 'claim');
  }
}

/** A key for one purpose, so that what is signed for one is worthless for another. */
export function derivedKey(secret: string, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, 'comptoir', purpose, 32));
}

/**
 * Bodies of one length with their HMAC-SHA-256 (RFC 2104) behind them, as text in base64url. Each request of a person carries one,
 * so it is read and held against its seal in place: Node's `Hmac`, and a buffer for each result, cost more to make and to collect
 * than what they compute.
 */
export class SealedBodies {
  /** A block of the key, the body, and the seal that a text came with. */
  readonly #inner: Buffer;
  /** A block of the key, and the hash of the inner one. */
  readonly #outer: Buffer;
  readonly #seal = Buffer.alloc(SHA256_BYTES);
  // What of the inner one is hashed, stands in the text, and is looked at.
  readonly #hashed: Buffer;
  readonly #sealed: Buffer;
  readonly #body: Buffer;
  readonly #given: Buffer;

  /** @param key at most 64 bytes. @param bodyBytes such that a text ends without a bit to spare: with the seal a multiple of 3. */
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

  /** The body of a text, there until the next call; undefined for anything that was not sealed with this key. */
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

/** Compare in a time that does not tell where two texts differ. */
export function sameText(one: string, other: string): boolean {
  const [left, right] = [Buffer.from(one), Buffer.from(other)];
  return left.length === right.length && timingSafeEqual(left, right);
}
