import { readFileSync } from 'node:fs';
import autocannon from 'autocannon';

/**
 * The load of one measurement, in a process of its own: `connections` connections that each send one POST after the
 * other for `seconds`, every request with the next cookie of a file (a line each), so every claim is another person's.
 * Told by one JSON argument; prints one JSON object.
 */
interface Load {
  url: string;
  body: string;
  cookiesFile: string;
  connections: number;
  seconds: number;
}

const load = JSON.parse(process.argv[2] ?? '{}') as Load;
const cookies = readFileSync(load.cookiesFile, 'utf8').split('\n');
let next = 0;

const result = await autocannon({
  url: load.url,
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: load.body,
  connections: load.connections,
  duration: load.seconds,
  requests: [
    {
      setupRequest: (request) => {
        request.headers = { ...request.headers, cookie: cookies[next++ % cookies.length] as string };
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
