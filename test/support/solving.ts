import { solveProofOfWork } from '../../libs/client/src/proof-of-work.ts';

/** `fetch` as the pages do it: where a proof of work is required, it is solved and the request sent again. */
export async function fetchSolving(url: string, init: RequestInit = {}): Promise<Response> {
  const answer = await fetch(url, init);
  if (answer.status !== 429) return answer;
  const { proofOfWork } = (await answer.clone().json()) as { proofOfWork?: { challenge: string; difficulty: number } };
  if (!proofOfWork) return answer;
  const headers = new Headers(init.headers);
  headers.set('proof-of-work', await solveProofOfWork(proofOfWork));
  return fetchSolving(url, { ...init, headers });
}
