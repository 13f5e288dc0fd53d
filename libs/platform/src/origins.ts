/** The host names of this machine for its own browsers. */
const LOCAL_NAMES = ['localhost', '127.0.0.1', '[::1]'];

/**
 * Returns the origin of each of these addresses. For an `http://localhost` address, also returns the origins with the other names of this
 * machine and the same port. An `https` address adds no `http` origin.
 */
export function originsOf(...urls: string[]): string[] {
  const origins = urls.flatMap((url) => {
    const { origin, protocol, hostname } = new URL(url);
    if (protocol !== 'http:' || hostname !== 'localhost') return [origin];
    return LOCAL_NAMES.map((name) => origin.replace('localhost', name));
  });
  return [...new Set(origins)];
}
