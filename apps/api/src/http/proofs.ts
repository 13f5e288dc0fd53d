import { createHash, createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { PROOF_OF_WORK_HEADER, type ProofOfWork } from '#contract';
import type { Limit, Limits } from './limits.ts';

/** How long a challenge is valid, in seconds. A slow phone needs a tenth of this time for the hardest one. */
const TTL_SECONDS = 120;
/** The bytes of a challenge: its end (4), its difficulty (1), randomness (8), the seal (16). */
const BODY_BYTES = 13;
const CHALLENGE_BYTES = 29;

/**
 * Challenges that cost a client processor time. They are not stored: a challenge contains its end and its difficulty with a seal that binds
 * it to one call and one client. A solved challenge is stored until it ends, so that it is accepted once.
 */
export class Proofs {
  readonly #key: Buffer;
  readonly #solved: Limit;

  constructor(secret: string, limits: Limits) {
    this.#key = Buffer.from(hkdfSync('sha256', secret, 'comptoir', 'proof-of-work', 32));
    this.#solved = limits.limit({ name: 'solved', points: 1, seconds: TTL_SECONDS });
  }

  /** Creates a challenge for this call of this client. */
  challenge(request: FastifyRequest, client: string, difficulty: number): ProofOfWork {
    const body = Buffer.alloc(BODY_BYTES);
    body.writeUInt32BE(Math.floor(Date.now() / 1_000) + TTL_SECONDS);
    body.writeUInt8(difficulty, 4);
    randomBytes(8).copy(body, 5);
    return { challenge: Buffer.concat([body, this.#seal(body, request, client)]).toString('base64url'), difficulty };
  }

  /** Returns whether a request carries the solution of a challenge that was made for it, for the first time. */
  async accepts(request: FastifyRequest, client: string): Promise<boolean> {
    const header = request.headers[PROOF_OF_WORK_HEADER];
    const found = /^([\w-]{39})\.[\w-]{1,32}$/.exec(typeof header === 'string' ? header : '');
    if (!found) return false;
    const challenge = Buffer.from(found[1] as string, 'base64url');
    // A different text that decodes to the same bytes is not accepted.
    if (challenge.length !== CHALLENGE_BYTES || challenge.toString('base64url') !== found[1]) return false;
    const body = challenge.subarray(0, BODY_BYTES);
    if (!timingSafeEqual(challenge.subarray(BODY_BYTES), this.#seal(body, request, client))) return false;
    if (body.readUInt32BE() * 1_000 < Date.now()) return false;
    const digest = createHash('sha256').update(found[0]).digest();
    if (Math.clz32(digest.readUInt32BE()) < body.readUInt8(4)) return false;
    return (await this.#solved.use(found[1] as string)).count === 1;
  }

  #seal(body: Buffer, { method, url }: FastifyRequest, client: string): Buffer {
    const path = url.replace(/\?.*$/s, '');
    const text = JSON.stringify([method, path, client]);
    return createHmac('sha256', this.#key)
      .update(body)
      .update(text)
      .digest()
      .subarray(0, CHALLENGE_BYTES - BODY_BYTES);
  }
}
