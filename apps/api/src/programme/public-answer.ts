import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { PUBLIC_ANSWER } from '../http/security-headers.ts';

/** Shorter answers are sent as they are, in bytes: they fit into one packet, and a compressor would add to the wait. */
const COMPRESS_FROM = 1_400;
/** Good enough for texts that change with every seat: 13 KB take 0.5 ms, where the best quality takes 20. */
const BROTLI_QUALITY = 5;

const compressors = {
  br: (bytes: Buffer) =>
    promisify(brotliCompress)(bytes, {
      params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
    }),
  gzip: (bytes: Buffer) => promisify(gzip)(bytes),
};
type Encoding = keyof typeof compressors;

/** An answer that is the same for everybody: its JSON as bytes, its tag, and what compressors made of it, each made once. */
export class PublicAnswer {
  readonly #bytes: Buffer;
  /** Weak (RFC 9110, 8.8.1): the same in every encoding. */
  readonly #tag: string;
  readonly #compressed = new Map<Encoding, Promise<Buffer>>();

  constructor(value: unknown) {
    this.#bytes = Buffer.from(JSON.stringify(value));
    this.#tag = createHash('sha256').update(this.#bytes).digest('base64url').slice(0, 22);
  }

  /** Answer with it: 304 to a client that has it, else in the best encoding that the client takes. Returns the reply that is sent. */
  async send(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    reply
      .header('cache-control', PUBLIC_ANSWER)
      .header('vary', 'Accept-Language, Accept-Encoding')
      .header('etag', `W/"${this.#tag}"`);
    if (request.method === 'GET' && matches(request.headers['if-none-match'], this.#tag)) {
      return reply.code(304).send();
    }
    reply.header('content-type', 'application/json; charset=utf-8');
    const encoding = this.#bytes.length < COMPRESS_FROM ? undefined : encodingOf(request.headers['accept-encoding']);
    if (encoding) reply.header('content-encoding', encoding);
    return reply.send(encoding ? await this.#in(encoding) : this.#bytes);
  }

  #in(encoding: Encoding): Promise<Buffer> {
    const known = this.#compressed.get(encoding);
    if (known) return known;
    const made = compressors[encoding](this.#bytes);
    this.#compressed.set(encoding, made);
    return made;
  }
}

/** Whether `If-None-Match` names the tag. Compared weakly (RFC 9110, 13.1.2): some caches make weak tags strong. */
function matches(header: string | undefined, tag: string): boolean {
  if (!header) return false;
  const known = header.split(',').map((each) => each.trim().replace(/^W\//, ''));
  return known.includes(`"${tag}"`) || known.includes('*');
}

/** The best encoding of ours that `Accept-Encoding` takes: brotli, else gzip; undefined for none. */
function encodingOf(header: string | string[] | undefined): Encoding | undefined {
  const taken = String(header ?? '')
    .toLowerCase()
    .split(',')
    .flatMap((part) => {
      const [name = '', ...parameters] = part.split(';').map((each) => each.trim());
      return parameters.some((each) => /^q=0(\.0*)?$/.test(each)) ? [] : [name];
    });
  return (['br', 'gzip'] as const).find((encoding) => taken.includes(encoding));
}
