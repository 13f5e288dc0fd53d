import { readdirSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A proxy between a browser and the API that can replace the build by a new one. */
export interface Deployments {
  url: string;
  /** Switches to a new build: every file with a hash has another name, and the old names do not exist any more. */
  deploy(): void;
  /** While true, the proxy answers as if the API restarts. */
  restarting: boolean;
  close(): Promise<void>;
}

/** The part that the names of the new build have in addition. */
const SUFFIX = '2nd';

/** @param apiUrl the API that serves the build */
export async function startDeployments(apiUrl: string): Promise<Deployments> {
  const stems = readdirSync('dist/web/assets')
    .filter((name) => /\.(js|css|wasm)$/.test(name))
    .map((name) => name.replace(/\.\w+$/, ''));
  const asNew = (text: string) =>
    stems
      .reduce((all, stem) => all.replaceAll(stem, stem + SUFFIX), text)
      .replaceAll(/(revision["`]?:["`])([0-9a-f]{32})/g, `$1${SUFFIX}$2`)
      .replace(/(<meta name="build" content=")/, `$1${SUFFIX}`);
  const state = { isNew: false, restarting: false };
  const server: Server = createServer(async (request, response) => {
    const path = request.url ?? '/';
    const isAsset = path.startsWith('/assets/') && /\.(js|css|wasm)$/.test(path);
    if (state.restarting) return void response.writeHead(502).end('Bad Gateway');
    if (isAsset && path.includes(SUFFIX) !== state.isNew) return void response.writeHead(404).end();
    const { host: _, 'accept-encoding': __, connection: ___, ...headers } = request.headers as Record<string, string>;
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const answer = await fetch(apiUrl + path.replace(SUFFIX, ''), {
      method: request.method ?? 'GET',
      headers,
      redirect: 'manual',
      ...(chunks.length > 0 && { body: Buffer.concat(chunks) }),
    });
    const type = answer.headers.get('content-type') ?? '';
    const bytes = Buffer.from(await answer.arrayBuffer());
    const body = state.isNew && /html|javascript|css/.test(type) ? Buffer.from(asNew(bytes.toString())) : bytes;
    const headersToSend = [...answer.headers].filter(
      ([name]) => !/^(content-(length|encoding)|etag|last-modified|connection|date)$/.test(name),
    );
    response.writeHead(answer.status, Object.fromEntries(headersToSend)).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    deploy: () => {
      state.isNew = true;
    },
    get restarting() {
      return state.restarting;
    },
    set restarting(is) {
      state.restarting = is;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
