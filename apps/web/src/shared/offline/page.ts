/** How long the network may take for the document of a page, in milliseconds. Then the kept document is shown. */
const NETWORK_WITHIN_MS = 2_500;

/**
 * Returns a function that answers for a page. The network comes first: after a deployment the kept document names files that the server does not have any more.
 * The kept document is the answer when there is no network, when the server is unavailable, or when the network is too slow.
 * @param kept reads the kept document; undefined where there is none
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
