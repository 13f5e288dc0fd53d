import { pino } from 'pino';
import { startApi } from '../../apps/api/src/api.ts';
import { freePort } from '../../apps/local/src/ports.ts';
import type { CallRequest, Client } from '../../libs/client/src/index.ts';
import type { CallAnswer, CallName, CallParameters, Problem } from '../../libs/contract/src/index.ts';
import { SESSION_COOKIE } from '../../libs/identity/src/index.ts';
import { createLogger, type Database, openDatabase, readConfiguration } from '../../libs/platform/src/index.ts';
import { clientAt } from './client.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';
import { type Identity, openIdentity } from './identity.ts';
import { startTestRedis, type TestRedis } from './redis.ts';
import { fetchSolving } from './solving.ts';

export const SECRET = 'a secret of the tests, for the tests alone';

/** The API in this process, on separate servers and ports. */
export interface TestApi {
  url: string;
  /** The address of its metrics. */
  metricsUrl: string;
  database: Database;
  testDatabase: TestDatabase;
  redis: TestRedis;
  people: Identity;
  /** The `APP_SECRET` of this API. */
  secret: string;
  /** The `Cookie` header of a new session. */
  cookieOf(attendeeId: string): string;
  /** The typed client, signed in as this attendee or without a session. */
  client(as?: string): Client;
  /** Makes a call of the contract. Solves a required proof of work. Problems are returned and not thrown. */
  ask<Name extends CallName>(name: Name, ...request: AskArguments<Name>): Promise<Asked<Name>>;
  /** Sends any request: one that the types of `ask` forbid (a bad body, HTTP headers), or a path that is no call. */
  call(method: string, path: string, options?: CallOptions): Promise<Called>;
  stop(): Promise<void>;
}

/** The request of a call, and the attendee who is signed in, or the `Cookie` header. */
type AskRequest<Name extends CallName> = Omit<CallRequest<Name>, keyof CallParameters<Name>> & {
  [Parameter in keyof CallParameters<Name>]: string | undefined;
} & { as?: string; cookie?: string };
type AskArguments<Name extends CallName> =
  object extends AskRequest<Name> ? [request?: AskRequest<Name>] : [request: AskRequest<Name>];

/** The members of problem documents that tests read. */
type ProblemMembers = Partial<Pick<Problem, 'code' | 'title' | 'detail' | 'errors' | 'proofOfWork'>> & {
  clashesWith?: unknown[];
};

/** The answer to a call. */
export interface Asked<Name extends CallName> {
  status: number;
  headers: Headers;
  text: string;
  /** The answer of the call, or the problem document. */
  json: CallAnswer<Name> extends object
    ? CallAnswer<Name> & Omit<ProblemMembers, keyof CallAnswer<Name>>
    : ProblemMembers;
}

export interface CallOptions {
  /** The body. It is sent as JSON; a string is sent unchanged. */
  body?: unknown;
  /** The id of the attendee who is signed in. */
  as?: string;
  headers?: Record<string, string>;
  /** Whether to solve a required proof of work and send the request again. Default true. */
  solves?: boolean;
}

export interface Called {
  status: number;
  headers: Headers;
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests read any field of an answer.
  json: any;
}

/**
 * Starts the API from its sources. Paths of calls start below `/api/v1`.
 * @param options.redis the Redis of another API, to share it
 * @param options.lines receives the log, one entry a line
 */
export async function startTestApi(
  environment: Record<string, string> = {},
  { redis: shared, lines }: { redis?: TestRedis; lines?: string[] } = {},
): Promise<TestApi> {
  const [testDatabase, redis] = await Promise.all([createTestDatabase(), shared ?? startTestRedis()]);
  const [port, metricsPort] = [await freePort(), await freePort()];
  const url = `http://127.0.0.1:${port}`;
  const configuration = readConfiguration({
    PORT: String(port),
    METRICS_PORT: String(metricsPort),
    DATABASE_URL: testDatabase.url,
    REDIS_URL: redis.url,
    SMTP_URL: 'smtp://127.0.0.1:1',
    APP_SECRET: SECRET,
    ...environment,
  });
  const logger = lines
    ? pino({}, { write: (line) => lines.push(line) })
    : createLogger({ name: 'api', level: 'silent' });
  const app = await startApi(configuration, logger);
  const database = openDatabase({ url: testDatabase.url, connectionsMax: 4, applicationName: 'test-api' });
  const people = openIdentity({ database, secret: SECRET, publicUrl: configuration.PUBLIC_URL });
  const cookieOf = (attendeeId: string) => `${SESSION_COOKIE}=${people.sessions.open(attendeeId).cookie}`;
  return {
    url,
    metricsUrl: `http://127.0.0.1:${metricsPort}`,
    database,
    testDatabase,
    redis,
    people,
    secret: configuration.APP_SECRET,
    cookieOf,
    client: (as) => clientAt(url, as && cookieOf(as)),
    async ask<Name extends CallName>(name: Name, ...given: AskArguments<Name>) {
      const { as, cookie = as && cookieOf(as), ...request } = (given[0] ?? {}) as { as?: string; cookie?: string };
      let text = '';
      const client = clientAt(url, cookie, async (address, init) => {
        const response = await fetchSolving(address, init);
        text = await response.clone().text();
        return response;
      });
      const { status, headers, answer, problem } = await client.ask(name, ...([request] as never));
      return { status, headers, text, json: (problem ?? answer) as Asked<Name>['json'] };
    },
    async call(method, path, { body, as, headers, solves = true } = {}) {
      const send = solves ? fetchSolving : fetch;
      const answer = await send(`${url}/api/v1${path}`, {
        method,
        headers: {
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...(as && { cookie: cookieOf(as) }),
          ...headers,
        },
        ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      const text = await answer.text();
      const isJson = /json/.test(answer.headers.get('content-type') ?? '');
      return {
        status: answer.status,
        headers: answer.headers,
        text,
        json: isJson && text ? JSON.parse(text) : undefined,
      };
    },
    async stop() {
      await app.close();
      await database.close();
      if (!shared) await redis.stop();
      await testDatabase.drop();
    },
  };
}
