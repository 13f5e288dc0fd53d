import { type Client, openClient } from '../../libs/client/src/index.ts';

/**
 * The typed client of an API at this origin, with this `Cookie` header or without a session.
 * @param send how requests are sent. `fetchSolving` solves a required proof of work.
 */
export function clientAt(origin: string, cookie?: string, send: typeof fetch = fetch): Client {
  return openClient({
    send: (path, { headers, ...init }) =>
      send(`${origin}/api/v1${path}`, { ...init, headers: { ...headers, ...(cookie && { cookie }) } }),
  });
}
