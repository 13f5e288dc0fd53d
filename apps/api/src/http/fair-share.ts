import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { ProblemError } from '#contract';
import { Configuration } from '#platform';
import { ClientIds } from './client-ids.ts';
import { type Limit, Limits } from './limits.ts';
import { Proofs } from './proofs.ts';

/**
 * The zero bits of a proof of work: 65,000 hashes, 0.14 s of a desktop processor and about half a second of a phone. The number grows by
 * one each time that the requests of a client double beyond its share, up to a few seconds of a phone.
 */
const DIFFICULTY = 16;
const DIFFICULTY_RISE_MAX = 3;
/** The number of addresses to which a client may cause mails in an hour without a proof of work. */
const ADDRESSES_FREE = 20;
const HOUR_SECONDS = 3_600;
/** The number of wrong codes that a network may try in an hour without a proof of work. The people of a venue share one network. */
const WRONG_CODES_FREE = 20;
const WRONG_CODES_OF_A_VENUE = 100;
/** The number of claims that one client may make for one address in a quarter of an hour without a proof of work. */
const CLAIMS_OF_ONE_ADDRESS = { name: 'claims-of-address', points: 30, seconds: 900 };

/**
 * The calls without a session, and how many of each a client may make without a proof of work. A whole conference may share one address.
 */
const SHARES = {
  'sign-in': { name: 'sign-in', points: 1_500, seconds: 60 },
  verify: { name: 'verify', points: 1_500, seconds: 60 },
  /** A call with a code, which may be a guess. */
  code: { name: 'verify', points: 1_500, seconds: 60 },
  claim: { name: 'guest-claims', points: 6_000, seconds: 60 },
};

/** Whether a mail goes to one of the first addresses of its client in this hour. */
export type MailClass = 'first' | 'later';

/**
 * Limits the calls that a client may make without a proof of work. No request beyond the limit is refused: the client must solve a proof of
 * work for it. A flood therefore delays other people behind the same address by half a second, and uses the whole processor of its sender.
 */
@Injectable()
export class FairShare {
  readonly #ids: ClientIds;
  readonly #wrongCodes: Limit;
  readonly #proofs: Proofs;
  readonly #shares: Record<keyof typeof SHARES, Limit>;
  readonly #claimsOfAddress: Limit;
  readonly #newAddresses: Limit;
  readonly #addresses: Limit;
  readonly #laterAddresses: Limit;

  constructor(ids: ClientIds, limits: Limits, { APP_SECRET }: Configuration) {
    this.#ids = ids;
    this.#wrongCodes = limits.limit({ name: 'wrong-codes', points: WRONG_CODES_FREE, seconds: HOUR_SECONDS });
    this.#proofs = new Proofs(APP_SECRET, limits);
    this.#shares = {
      'sign-in': limits.limit(SHARES['sign-in']),
      verify: limits.limit(SHARES.verify),
      code: limits.limit(SHARES.code),
      claim: limits.limit(SHARES.claim),
    };
    this.#claimsOfAddress = limits.limit(CLAIMS_OF_ONE_ADDRESS);
    this.#newAddresses = limits.limit({ name: 'new-addresses', points: ADDRESSES_FREE, seconds: HOUR_SECONDS });
    this.#addresses = limits.limit({ name: 'addresses', points: 1, seconds: HOUR_SECONDS });
    this.#laterAddresses = limits.limit({ name: 'later-addresses', points: 1, seconds: HOUR_SECONDS });
  }

  /**
   * Counts a request. It passes if it is within the share of its client or carries a proof of work. With `email`, the address to which the
   * request causes a mail is counted too. Known and unknown addresses are counted equally, so that the answer does not reveal which are
   * known.
   * @returns whether the mail is one of the first of its client
   * @throws ProblemError `proof-of-work-required`
   */
  async admit(request: FastifyRequest, call: keyof typeof SHARES, email?: string): Promise<MailClass> {
    const client = this.#ids.ofClient(request);
    const address = email && digestOf(client, email);
    const isNew = address && !(await this.#addresses.has(address));
    const proved = await this.#proofs.accepts(request, client);
    if (!proved) {
      const excesses = await Promise.all([
        excess(this.#shares[call], client),
        call === 'claim' && email ? excess(this.#claimsOfAddress, digestOf(client, mailboxOf(email))) : 0,
        isNew ? this.#excessOfAddresses(request) : 0,
        call === 'code' ? this.#excessOfCodes(request) : 0,
      ]);
      const most = Math.max(...excesses);
      if (most > 0) {
        const proofOfWork = this.#proofs.challenge(request, client, difficultyAt(most));
        throw new ProblemError('proof-of-work-required', { proofOfWork });
      }
    }
    if (!address) return 'first';
    if (!isNew) return (await this.#laterAddresses.has(address)) ? 'later' : 'first';
    // The share is used up. The request with this new address has a proof of work.
    await Promise.all([this.#addresses.use(address), proved && this.#laterAddresses.use(address)]);
    return proved ? 'later' : 'first';
  }

  /** Subtracts a try that `admit` counted as a wrong code, because the code was right. */
  async rightCode(request: FastifyRequest): Promise<void> {
    await this.#wrongCodes.giveBack(this.#ids.ofNetwork(request));
  }

  /**
   * Each try counts as wrong before the comparison, so that simultaneous tries are all counted. The key is the network, with or without a
   * session.
   */
  async #excessOfCodes(request: FastifyRequest): Promise<number> {
    const { count } = await this.#wrongCodes.use(this.#ids.ofNetwork(request));
    return count <= WRONG_CODES_FREE ? 0 : count / WRONG_CODES_OF_A_VENUE;
  }

  /**
   * The excess of a client that causes a mail to an address to which it caused none within the hour. A person has a separate share and also
   * counts for their network; otherwise each session of one network would have twenty more addresses.
   */
  async #excessOfAddresses(request: FastifyRequest): Promise<number> {
    const keys = new Set([this.#ids.ofClient(request), this.#ids.ofNetwork(request)]);
    const used = await Promise.all([...keys].map((key) => this.#newAddresses.use(key)));
    const count = Math.max(...used.map((each) => each.count));
    return count <= ADDRESSES_FREE ? 0 : count / ADDRESSES_FREE;
  }
}

/** The difficulty for a client that used this multiple of its share. */
export function difficultyAt(times: number): number {
  return DIFFICULTY + Math.min(DIFFICULTY_RISE_MAX, Math.floor(Math.log2(Math.max(1, times))));
}

/** Returns the multiple of its share that a key has used; 0 within the share. */
async function excess(share: Limit, key: string): Promise<number> {
  const { count } = await share.use(key);
  return count <= share.points ? 0 : count / share.points;
}

/** The mailbox of an address, used only for counting, because many providers ignore dots and the part after a plus. */
export function mailboxOf(email: string): string {
  const [local = '', domain = ''] = email.toLowerCase().split(/@(?=[^@]*$)/);
  return `${local.replace(/\+.*$/, '').replaceAll('.', '')}@${domain}`;
}

/** A key for a client and an address: a digest that contains neither. */
function digestOf(client: string, address: string): string {
  return createHash('sha256')
    .update(JSON.stringify([client, address]))
    .digest('base64url')
    .slice(0, 24);
}
