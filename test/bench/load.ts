import { readFileSync } from 'node:fs';
import autocannon from 'autocannon';

/**
 * The load of one measurement, in a separate process. Each of `connections` connections sends one request after the other (a POST by
 * default), for `seconds` or until `requests` were sent. The requests go to the `paths` in turn, each with the next cookie of a file (one a
 * line), so every claim is of another person. The argument is JSON. Prints one JSON object.
 */
interface Load {
  origin: string;
  paths: string[];
  method?: 'GET' | 'POST';
  headers?: Record<string, string>;
  body?: string;
  cookiesFile: string;
  connections: number;
  seconds?: number;
  requests?: number;
}

const load = JSON.parse(process.argv[2] ?? '{}') as Load;
const cookies = readFileSync(load.cookiesFile, 'utf8').split('\n');
let next = 0;

const result = await autocannon({
  url: load.origin,
  method: load.method ?? 'POST',
  headers: load.headers ?? { 'content-type': 'application/json' },
  ...(load.body !== undefined && { body: load.body }),
  connections: load.connections,
  ...(load.requests === undefined ? { duration: load.seconds } : { amount: load.requests }),
  requests: [
    {
      setupRequest: (request) => {
        request.path = load.paths[next % load.paths.length] as string;
        request.headers = { ...request.headers, cookie: cookies[next % cookies.length] as string };
        next++;
        return request;
      },
    },
  ],
});
console.log(
  JSON.stringify({
    perSecond: result.requests.average,
    p50Ms: result.latency.p50,
    p99Ms: result.latency.p99,
    answers: Object.fromEntries(
      Object.entries(result.statusCodeStats ?? {}).map(([code, stats]) => [code, stats.count]),
    ),
    errors: result.errors + result.timeouts,
    cookiesUsedUp: next > cookies.length,
  }),
);
