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

/** How often one call is sent again with a new proof of work. The API requires a new one when the last one has expired or was used. */
const PROOFS_MAX = 3;

/** A call failed: the API answered with a problem document, or no answer came (code `unreachable`). */
export class ApiProblem extends Error {
  readonly code: string;
  readonly problem: Partial<Problem>;
  /** The wait before the next attempt, in seconds, from the header `Retry-After`. */
  readonly retryAfterSeconds: number | undefined;

  constructor(problem: Partial<Problem>, code: string = problem.code ?? 'unreachable', retryAfter?: string | null) {
    super(problem.title ?? code);
    this.code = code;
    this.problem = problem;
    this.retryAfterSeconds = Number(retryAfter) || undefined;
  }
}

/** A member of a request; optional if its value can be undefined. */
type RequestMember<Key extends string, Value> = undefined extends Value
  ? { [K in Key]?: Exclude<Value, undefined> }
  : { [K in Key]: Value };

/**
 * The request of a call: the parameters of its path by name, and `query`, `headers` and `body` if the call has them. `ifMatch`: the version of
 * the record that the call changes. If the record has another version, the call is refused with `version-changed`.
 */
export type CallRequest<Name extends CallName> = CallParameters<Name> &
  RequestMember<'body', CallBodyInput<Name>> &
  RequestMember<'query', CallQuery<Name>> &
  RequestMember<'headers', CallHeaders<Name> | undefined> &
  RequestMember<'ifMatch', CallVersion<Name>> & {
    /** The language of the answer, sent as `?locale=`. The default is the language of the client. */
    locale?: Locale;
    /** A name for this request. A request that is sent again with the same name acts once, and gets the same answer. */
    idempotencyKey?: string;
    /** Sends the request even if the page is left meanwhile. */
    keepalive?: boolean;
  };

/** The arguments of a call after its name. The request is optional if the call needs no value. */
type RequestArguments<Name extends CallName> =
  object extends CallRequest<Name> ? [request?: CallRequest<Name>] : [request: CallRequest<Name>];

/** The names of the calls that answer with a file. */
export type FileCallName = {
  [Name in CallName]: Calls[Name]['answers'] extends { 200: MediaType } ? Name : never;
}[CallName];

/** The result of a call, for any status. */
export interface CallResult<Name extends CallName> {
  status: number;
  headers: Headers;
  /** Present if the status is below 400. */
  answer: CallAnswer<Name> | undefined;
  /** Present if the status is 400 or above. */
  problem: Partial<Problem> | undefined;
}

export interface ClientOptions {
  /** Sends one request. `path` is the path below `/api/v1`. @throws ApiProblem `unreachable` */
  send(path: string, init: RequestInit & { method: string }): Promise<Response>;
  /** The `Accept-Language` of every call. */
  language?: () => string;
}

/** The calls of the table, typed. */
export interface Client {
  /** Makes a call, and solves a proof of work if the API requires one. @throws ApiProblem */
  call<Name extends CallName>(name: Name, ...request: RequestArguments<Name>): Promise<CallAnswer<Name>>;
  /** Makes a call, and returns its status and headers. Does not throw problems, and solves no proof of work. @throws ApiProblem `unreachable` */
  ask<Name extends CallName>(name: Name, ...request: RequestArguments<Name>): Promise<CallResult<Name>>;
  /** Makes a call that answers with a file, for example the QR code of a ticket. @throws ApiProblem */
  file<Name extends FileCallName>(name: Name, ...request: RequestArguments<Name>): Promise<Blob>;
}

/** The members of a request that are the same for every call. */
type AnyRequest = Record<string, unknown> & {
  body?: unknown;
  query?: Record<string, string>;
  headers?: Record<string, string | undefined>;
  locale?: Locale;
  ifMatch?: number;
  idempotencyKey?: string;
  keepalive?: boolean;
};

/** Opens a client. It imports only the names and types of the calls, so that a page does not load the table of calls. */
export function openClient({ send, language }: ClientOptions): Client {
  async function once(name: string, request: AnyRequest, proof?: string): Promise<Response> {
    const { body, headers, ifMatch, idempotencyKey, keepalive = false } = request;
    const [method = '', path = ''] = name.split(' ');
    const isFile = body instanceof Blob;
    const allHeaders = {
      accept: 'application/json',
      'accept-language': language?.(),
      'content-type': body === undefined ? undefined : isFile ? 'application/octet-stream' : 'application/json',
      'idempotency-key': idempotencyKey,
      'if-match': ifMatch === undefined ? undefined : `"${ifMatch}"`,
      'proof-of-work': proof,
      ...headers,
    };
    return send(addressOf(path, request), {
      method,
      keepalive,
      headers: Object.fromEntries(
        Object.entries(allHeaders).filter((entry): entry is [string, string] => entry[1] !== undefined),
      ),
      body: body === undefined || isFile ? body : JSON.stringify(body),
    });
  }

  return {
    async call(name, ...[request = {}]) {
      let proof: string | undefined;
      for (let proofs = 0; ; proofs++) {
        const response = await once(name, request as AnyRequest, proof);
        if (response.ok) return answerOf<typeof name>(response);
        const problem = await problemOf(response);
        const required: ProofOfWork | undefined = problem.problem.proofOfWork;
        if (!required || proofs === PROOFS_MAX) throw problem;
        // Few clients need it, so its script is loaded on demand.
        const { solveProofOfWork } = await import('./proof-of-work.ts');
        proof = await solveProofOfWork(required);
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

/** Returns the path of a call with its parameters filled in, and its query string. */
function addressOf(path: string, { query, locale, ...request }: AnyRequest): string {
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(request[name])));
  const queryString = new URLSearchParams({ ...query, ...(locale && { locale }) }).toString();
  return queryString ? `${filled}?${queryString}` : filled;
}

/** Reads the answer of a call. Its type is the declared one, which the API validates. */
async function answerOf<Name extends CallName>(response: Response): Promise<CallAnswer<Name>> {
  if (response.status === 204) return undefined as CallAnswer<Name>;
  const isJson = /json/.test(response.headers.get('content-type') ?? '');
  return (isJson ? response.json() : response.text()) as Promise<CallAnswer<Name>>;
}

async function problemOf(response: Response): Promise<ApiProblem> {
  const problem = (await response.json().catch(() => ({}))) as Partial<Problem>;
  return new ApiProblem(problem, undefined, response.headers.get('retry-after'));
}
