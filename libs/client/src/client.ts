import type {
  CallAnswer,
  CallBodyInput,
  CallHeaders,
  CallName,
  CallParameters,
  CallQuery,
  Calls,
  CallVersion,
  Locale,
  MediaType,
  Problem,
  ProofOfWork,
} from '#contract';

/** How often one call is sent with another proof of work: one that took too long or was used is asked for anew. */
const PROOFS_MAX = 3;

/** A problem document that a call was answered with, or that no answer came (`unreachable`). */
export class ApiProblem extends Error {
  readonly code: string;
  readonly problem: Partial<Problem>;
  /** When the server would take the call, from `Retry-After`. */
  readonly retryAfterSeconds: number | undefined;

  constructor(problem: Partial<Problem>, code: string = problem.code ?? 'unreachable', retryAfter?: string | null) {
    super(problem.title ?? code);
    this.code = code;
    this.problem = problem;
    this.retryAfterSeconds = Number(retryAfter) || undefined;
  }
}

type Given<Key extends string, Value> = undefined extends Value
  ? { [K in Key]?: Exclude<Value, undefined> }
  : { [K in Key]: Value };

/**
 * What a client says with a call: the parameters of its path by name, `query`, `headers` and `body` where the call has them. `ifMatch`: the
 * version of the record that is to be changed; another one is refused with `version-changed`.
 */
export type CallRequest<Name extends CallName> = CallParameters<Name> &
  Given<'body', CallBodyInput<Name>> &
  Given<'query', CallQuery<Name>> &
  Given<'headers', CallHeaders<Name> | undefined> &
  Given<'ifMatch', CallVersion<Name>> & {
    /** The language of the answer, as `?locale=`; else the one of the client. */
    locale?: Locale;
    /** A name for this request: sent again with it, it acts once and is answered the same. */
    idempotencyKey?: string;
    /** Let it go out even when the page is left meanwhile. */
    keepalive?: boolean;
  };

/** The calls that need nothing said, and may be made by their name alone. */
type Alone<Name extends CallName> =
  object extends CallRequest<Name> ? [request?: CallRequest<Name>] : [request: CallRequest<Name>];

/** The calls that answer with a file. */
export type FileCallName = {
  [Name in CallName]: Calls[Name]['answers'] extends { 200: MediaType } ? Name : never;
}[CallName];

/** An answer as it came, whatever its status. */
export interface Answered<Name extends CallName> {
  status: number;
  headers: Headers;
  /** Of a status below 400. */
  answer: CallAnswer<Name> | undefined;
  /** Of a status from 400 on. */
  problem: Partial<Problem> | undefined;
}

export interface ClientOptions {
  /** Sends one request; `path` begins behind `/api/v1`. @throws ApiProblem `unreachable` */
  send(path: string, init: RequestInit & { method: string }): Promise<Response>;
  /** The `Accept-Language` of every call. */
  language?: () => string;
}

/** The calls of the table, typed. */
export interface Client {
  /** Make a call, and solve the proof of work that it may ask for. @throws ApiProblem */
  call<Name extends CallName>(name: Name, ...request: Alone<Name>): Promise<CallAnswer<Name>>;
  /** The same, for who looks at statuses and headers; problems are not thrown, and no proof of work is solved. @throws ApiProblem `unreachable` */
  ask<Name extends CallName>(name: Name, ...request: Alone<Name>): Promise<Answered<Name>>;
  /** A file, as the picture of a ticket. @throws ApiProblem */
  file<Name extends FileCallName>(name: Name, ...request: Alone<Name>): Promise<Blob>;
}

/** What a request says, whatever its call. */
type AnyRequest = Record<string, unknown> & {
  body?: unknown;
  query?: Record<string, string>;
  headers?: Record<string, string | undefined>;
  locale?: Locale;
  ifMatch?: number;
  idempotencyKey?: string;
  keepalive?: boolean;
};

/** Open a client. It knows the calls by their names and types alone, so it brings none of the table into a page. */
export function openClient({ send, language }: ClientOptions): Client {
  async function once(name: string, request: AnyRequest, proof?: string): Promise<Response> {
    const { body, headers, ifMatch, idempotencyKey, keepalive = false } = request;
    const [method = '', path = ''] = name.split(' ');
    const said = {
      accept: 'application/json',
      'accept-language': language?.(),
      'content-type': body === undefined ? undefined : 'application/json',
      'idempotency-key': idempotencyKey,
      'if-match': ifMatch === undefined ? undefined : `"${ifMatch}"`,
      'proof-of-work': proof,
      ...headers,
    };
    return send(addressOf(path, request), {
      method,
      keepalive,
      headers: Object.fromEntries(
        Object.entries(said).filter((entry): entry is [string, string] => entry[1] !== undefined),
      ),
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  }

  return {
    async call(name, ...[request = {}]) {
      let proof: string | undefined;
      for (let proofs = 0; ; proofs++) {
        const response = await once(name, request as AnyRequest, proof);
        if (response.ok) return answerOf<typeof name>(response);
        const problem = await problemOf(response);
        const asked: ProofOfWork | undefined = problem.problem.proofOfWork;
        if (!asked || proofs === PROOFS_MAX) throw problem;
        // Few ever need it, so its script is loaded by those.
        const { solveProofOfWork } = await import('./proof-of-work.ts');
        proof = await solveProofOfWork(asked);
      }
    },

    async ask(name, ...[request = {}]) {
      const response = await once(name, request as AnyRequest);
      const { status, headers, ok } = response;
      if (ok) return { status, headers, answer: await answerOf<typeof name>(response), problem: undefined };
      return { status, headers, answer: undefined, problem: (await problemOf(response)).problem };
    },

    async file(name, ...[request = {}]) {
      const response = await once(name, request as AnyRequest);
      if (!response.ok) throw await problemOf(response);
      return response.blob();
    },
  };
}

/** The path of a call with its parameters in it, and what stands behind the question mark. */
function addressOf(path: string, { query, locale, ...request }: AnyRequest): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(request[name])));
  const asked = new URLSearchParams({ ...query, ...(locale && { locale }) }).toString();
  return asked ? `${filled}?${asked}` : filled;
}

/** The answer of a call, which the API holds against the declared one. */
async function answerOf<Name extends CallName>(response: Response): Promise<CallAnswer<Name>> {
  if (response.status === 204) return undefined as CallAnswer<Name>;
  const isJson = /json/.test(response.headers.get('content-type') ?? '');
  return (isJson ? response.json() : response.text()) as Promise<CallAnswer<Name>>;
}

async function problemOf(response: Response): Promise<ApiProblem> {
  const problem = (await response.json().catch(() => ({}))) as Partial<Problem>;
  return new ApiProblem(problem, undefined, response.headers.get('retry-after'));
}
