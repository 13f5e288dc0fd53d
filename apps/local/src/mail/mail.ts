import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { StartError } from '../ports.ts';
import { fileOf, listOf, type MailPage, mailPages } from './pages.ts';
import { takePictures } from './pictures.ts';

const USAGE = `Usage: npm run mail -- preview [--port N]       show every message as a page, on this machine alone
       npm run mail -- preview --out FOLDER    write the pages into a folder
       npm run mail -- pictures --out FOLDER   write a picture of each message at phone width`;
const DEFAULT_PORT = 4080;

async function writePages(folder: string, pages: MailPage[]): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const page of pages) {
    await writeFile(path.join(folder, `${fileOf(page)}.html`), page.html);
    await writeFile(path.join(folder, `${fileOf(page)}.txt`), `${page.subject}\n\n${page.text}\n`);
  }
  await writeFile(path.join(folder, 'index.html'), listOf(pages));
  console.log(`${pages.length} messages in ${folder}: open index.html.`);
}

async function writePictures(folder: string, pages: MailPage[]): Promise<void> {
  await mkdir(folder, { recursive: true });
  const pictures = await takePictures(pages);
  for (const { file, png } of pictures) await writeFile(path.join(folder, `${file}.png`), png);
  const bytes = pictures.reduce((sum, { png }) => sum + png.length, 0);
  console.log(`${pictures.length} pictures in ${folder}, ${Math.ceil(bytes / 1024)} KB.`);
}

/** Serves the pages until Ctrl-C. */
function servePages(port: number, pages: MailPage[]): void {
  const files = new Map<string, { type: string; content: string }>([
    ['/', { type: 'text/html', content: listOf(pages) }],
    ...pages.flatMap((page): [string, { type: string; content: string }][] => [
      [`/${fileOf(page)}.html`, { type: 'text/html', content: page.html }],
      [`/${fileOf(page)}.txt`, { type: 'text/plain', content: `${page.subject}\n\n${page.text}\n` }],
    ]),
  ]);
  const server = createServer((request, response) => {
    const file = files.get(request.url ?? '');
    response.writeHead(file ? 200 : 404, { 'content-type': `${file?.type ?? 'text/plain'}; charset=utf-8` });
    response.end(file?.content ?? 'There is no such message.');
  });
  server.on('error', (error) => fail(`Port ${port} cannot be listened on (--port): ${error.message}`));
  server.listen(port, '127.0.0.1', () => console.log(`Every message: http://localhost:${port}   (Ctrl-C stops)`));
}

function fail(message: string): never {
  console.error(message);
  process.exit(1);
}

function options() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: { out: { type: 'string' }, port: { type: 'string', default: String(DEFAULT_PORT) } },
    });
  } catch {
    return fail(USAGE);
  }
}

const { positionals, values } = options();
const port = Number(values.port);
const [command, ...rest] = positionals;
if (rest.length > 0 || !Number.isInteger(port) || port < 1 || port > 65_535) fail(USAGE);
try {
  if (command === 'preview' && values.out) await writePages(values.out, await mailPages());
  else if (command === 'preview') servePages(port, await mailPages());
  else if (command === 'pictures' && values.out) await writePictures(values.out, await mailPages());
  else fail(USAGE);
} catch (error) {
  if (error instanceof StartError) fail(error.message);
  throw error;
}
