/** The names of this machine in an address of a page. */
const LOCAL_NAMES = ['localhost', '127.0.0.1', '[::1]'];

/**
 * The origins of the pages at these addresses, exactly as configured. When one is `http://localhost`, the other names of this machine with
 * the same port are origins too. An `https` installation has no `http` origin.
 */
export function originsOf(...urls: string[]): string[] {
  const origins = urls.flatMap((url) => {
    const { origin, protocol, hostname } = new URL(url);
    if (protocol !== 'http:' || hostname !== 'localhost') return [origin];
    return LOCAL_NAMES.map((name) => origin.replace('localhost', name));
  });
  return [...new Set(origins)];
}
