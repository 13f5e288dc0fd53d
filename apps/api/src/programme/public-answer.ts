import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { PUBLIC_ANSWER } from '../http/security-headers.ts';

/** Shorter answers are sent uncompressed, in bytes: they fit into one packet, and compression would only add time. */
const COMPRESS_FROM = 1_400;
/** Sufficient for texts that change with each seat: 13 KB take 0.5 ms, and 20 ms with the best quality. */
const BROTLI_QUALITY = 5;

const compressors = {
  br: (bytes: Buffer) =>
    promisify(brotliCompress)(bytes, {
      params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
    }),
  gzip: (bytes: Buffer) => promisify(gzip)(bytes),
};
type Encoding = keyof typeof compressors;

/** The form in which an answer is sent: its headers, as names and values in turn, and its bytes. */
interface Form {
  headers: string[];
  bytes: Buffer;
}

/**
 * An answer that is the same for all clients: its bytes, its tag, and its compressed forms, each created once.
 *
 * It is written to the response directly. Setting the same fifteen headers for each request and sending the bytes through Fastify took as
 * much processor time as all the rest of the request (43 against 26 µs of a bare Fastify; docs/adr/0019).
 */
export class CachedAnswer {
  readonly #bytes: Buffer;
  readonly #own: Record<string, string>;
  /** Weak (RFC 9110, 8.8.1): the same in all encodings. */
  readonly tag: string;
  readonly #forms = new Map<Encoding | 'identity', Form | Promise<Form>>();

  /** @param own the headers of this answer only: its `content-type`, and others */
  constructor(bytes: Buffer, own: Record<string, string> & { 'content-type': string }) {
    this.#bytes = bytes;
    this.#own = own;
    this.tag = createHash('sha256').update(this.#bytes).digest('base64url').slice(0, 22);
  }

  /**
   * Sends the answer: 304 to a client that has it, otherwise in the best encoding that the client accepts.
   * @param common the headers that all answers of the API have. They must always be the same, because they are stored with the bytes
   */
  send(request: FastifyRequest, reply: FastifyReply, common: Record<string, string>): void {
    reply.hijack();
    if (request.method === 'GET' && matches(request.headers['if-none-match'], this.tag)) {
      this.#write(reply, 304, { headers: this.#headers(common), bytes: Buffer.alloc(0) });
      return;
    }
    const large = this.#bytes.length >= COMPRESS_FROM;
    const encoding = (large && encodingOf(request.headers['accept-encoding'])) || 'identity';
    const form = this.#forms.get(encoding) ?? this.#make(encoding, common);
    if ('bytes' in form) this.#write(reply, 200, form);
    else void form.then((made) => this.#write(reply, 200, made));
  }

  /** Creates one encoding of the answer, once for all requests that wait for it. If compression fails, the bytes are sent uncompressed. */
  #make(encoding: Encoding | 'identity', common: Record<string, string>): Form | Promise<Form> {
    const headers = [...this.#headers(common), ...Object.entries(this.#own).flat()];
    const of = (bytes: Buffer, named: string[]): Form => {
      const form = { headers: [...headers, ...named, 'content-length', String(bytes.length)], bytes };
      this.#forms.set(encoding, form);
      return form;
    };
    if (encoding === 'identity') return of(this.#bytes, []);
    const making = compressors[encoding](this.#bytes).then(
      (bytes) => of(bytes, ['content-encoding', encoding]),
      () => of(this.#bytes, []),
    );
    this.#forms.set(encoding, making);
    return making;
  }

  /** The headers of all forms. */
  #headers(common: Record<string, string>): string[] {
    const headers = {
      ...common,
      'cache-control': PUBLIC_ANSWER,
      vary: 'Accept-Language, Accept-Encoding',
      etag: `W/"${this.tag}"`,
    };
    return Object.entries(headers).flat();
  }

  #write(reply: FastifyReply, status: number, { headers, bytes }: Form): void {
    reply.raw.writeHead(status, headers);
    // Node.js sends no body in an answer to HEAD.
    reply.raw.end(bytes);
  }
}

/** A cached answer of the API, as JSON. */
export class PublicAnswer<Value> extends CachedAnswer {
  readonly #json: string;
  #value: Value | undefined;

  constructor(value: Value) {
    const json = JSON.stringify(value);
    super(Buffer.from(json), { 'content-type': 'application/json; charset=utf-8' });
    this.#json = json;
  }

  /** The parsed answer, created on demand, because most answers are only sent. */
  value(): Value {
    this.#value ??= JSON.parse(this.#json) as Value;
    return this.#value;
  }
}

/**
 * Returns whether `If-None-Match` contains the tag. The comparison is weak (RFC 9110, 13.1.2), because some caches make weak tags strong.
 */
function matches(header: string | undefined, tag: string): boolean {
  if (!header) return false;
  const known = header.split(',').map((each) => each.trim().replace(/^W\//, ''));
  return known.includes(`"${tag}"`) || known.includes('*');
}

/** Returns the best supported encoding in `Accept-Encoding`: brotli, otherwise gzip; undefined for none. */
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
