/** How long the network may take for the document of a page, in milliseconds. After that the kept document is shown. */
const NETWORK_WITHIN_MS = 2_500;

/**
 * Returns a function that answers the request for a page. It prefers the network, because after a deployment the kept document links to files that
 * do not exist any more. It returns the kept document if there is no network, the server is unavailable, or the network is too slow.
 * @param kept reads the kept document; undefined if there is none
 */
export function openPage(kept: () => Promise<Response | undefined>): (request: Request) => Promise<Response> {
  return async (request) => {
    const network = fetch(request);
    const late = new Promise<undefined>((resolve) => setTimeout(resolve, NETWORK_WITHIN_MS));
    const answer = await Promise.race([network, late]).catch(() => undefined);
    if (answer && answer.status < 500) return answer;
    return (await kept()) ?? answer ?? network;
  };
}
