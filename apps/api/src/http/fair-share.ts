import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { ProblemError } from '#contract';
import { Configuration } from '#platform';
import { ClientIds } from './client-ids.ts';
import { type Limit, Limits } from './limits.ts';
import { Proofs } from './proofs.ts';

/**
 * Zero bits of a proof of work: 65,000 hashes, 0.14 s of a desktop processor and about half a second of a phone. It rises by one with
 * each doubling of what a client asks beyond its share, to a few seconds of a phone.
 */
const DIFFICULTY = 16;
const DIFFICULTY_RISE_MAX = 3;
/** The addresses to which a client may cause mails for free in an hour. */
const ADDRESSES_FREE = 20;
const HOUR_SECONDS = 3_600;
/** The wrong codes that a network may try in an hour without a proof of work. The people of a venue share one network. */
const WRONG_CODES_FREE = 20;
const WRONG_CODES_OF_A_VENUE = 100;
/** The claims that one client may make for one address in a quarter of an hour without a proof of work. */
const CLAIMS_OF_ONE_ADDRESS = { name: 'claims-of-address', points: 30, seconds: 900 };

/** The calls that need no session, and how often one client may make each without a proof of work: a whole conference may share one address. */
const SHARES = {
  'sign-in': { name: 'sign-in', points: 1_500, seconds: 60 },
  verify: { name: 'verify', points: 1_500, seconds: 60 },
  /** An answer with a code, which may be a guess. */
  code: { name: 'verify', points: 1_500, seconds: 60 },
  claim: { name: 'guest-claims', points: 6_000, seconds: 60 },
};

/** Whether a mail goes to one of the first addresses of its client in this hour. */
export type MailClass = 'first' | 'later';

/**
 * How many calls a client may make for free. Nobody is refused beyond it: the client then solves a proof of work for each request, so that a
 * flood delays the others behind the same address by half a second, and takes the whole processor of its sender.
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
   * Count a request, and let it pass where it is within the share of its client or carries a proof of work. With `email`, the address
   * to which the request causes a mail is counted as well; whether it is known does not matter, so that the answer does not tell it.
   * @returns whether the mail is one of the first of its client
   * @throws ProblemError `proof-of-work-required`
   */
  async admit(request: FastifyRequest, call: keyof typeof SHARES, email?: string): Promise<MailClass> {
    const client = this.#ids.ofClient(request);
    const address = email && digestOf(client, email);
    const isNew = address && !(await this.#addresses.knows(address));
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
    if (!isNew) return (await this.#laterAddresses.knows(address)) ? 'later' : 'first';
    // The share is used up: the request of this new address has a proof of work.
    await Promise.all([this.#addresses.use(address), proved && this.#laterAddresses.use(address)]);
    return proved ? 'later' : 'first';
  }

  /** Subtracts a try that `admit` counted as a wrong code: the code was right. */
  async rightCode(request: FastifyRequest): Promise<void> {
    await this.#wrongCodes.giveBack(this.#ids.ofNetwork(request));
  }

  /** Each try counts as wrong before it is compared, so that many at once are counted. By network, signed in or not. */
  async #excessOfCodes(request: FastifyRequest): Promise<number> {
    const { count } = await this.#wrongCodes.use(this.#ids.ofNetwork(request));
    return count <= WRONG_CODES_FREE ? 0 : count / WRONG_CODES_OF_A_VENUE;
  }

  /**
   * The excess of a client that has mails sent to an address to which it had none sent within the hour. A person has their own share and
   * counts for their network as well: else each session of one would be another twenty addresses.
   */
  async #excessOfAddresses(request: FastifyRequest): Promise<number> {
    const keys = new Set([this.#ids.ofClient(request), this.#ids.ofNetwork(request)]);
    const used = await Promise.all([...keys].map((key) => this.#newAddresses.use(key)));
    const count = Math.max(...used.map((each) => each.count));
    return count <= ADDRESSES_FREE ? 0 : count / ADDRESSES_FREE;
  }
}

/** The difficulty for a client that used its share this many times. */
export function difficultyAt(times: number): number {
  return DIFFICULTY + Math.min(DIFFICULTY_RISE_MAX, Math.floor(Math.log2(Math.max(1, times))));
}

/** How many times its share a key has used; 0 within it. */
async function excess(share: Limit, key: string): Promise<number> {
  const { count } = await share.use(key);
  return count <= share.points ? 0 : count / share.points;
}

/** The mailbox of an address, used only for counting: many providers ignore dots and the part after a plus. */
export function mailboxOf(email: string): string {
  const [local = '', domain = ''] = email.toLowerCase().split(/@(?=[^@]*$)/);
  return `${local.replace(/\+.*$/, '').replaceAll('.', '')}@${domain}`;
}

/** A key for a client and an address. It is a digest and contains neither. */
function digestOf(client: string, address: string): string {
  return createHash('sha256')
    .update(JSON.stringify([client, address]))
    .digest('base64url')
    .slice(0, 24);
}
