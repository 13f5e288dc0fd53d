import { type Client, openClient } from '../../libs/client/src/index.ts';

/** The typed client of an API at this origin, with this `Cookie` header or without a session. */
export function clientAt(origin: string, cookie?: string): Client {
  return openClient({
    send: (path, { headers, ...init }) =>
      fetch(`${origin}/api/v1${path}`, { ...init, headers: { ...headers, ...(cookie && { cookie }) } }),
  });
}
