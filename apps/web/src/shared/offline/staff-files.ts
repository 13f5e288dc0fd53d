/** The cache of the files that only hosts and organisers need. It exists on devices that have opened one of their pages. */
const STAFF_CACHE = 'comptoir-staff';

/** Files that only the pages of hosts and organisers need (chunkName in vite.config.ts). */
const STAFF_FILE = /^assets\/((door|host|organiser)-page|staff|over-time|no-role|ponyfill|zxing_reader)-/;

/**
 * Stores the files of the pages of hosts and organisers: all of them, as soon as one is requested. A host who has opened the list of Cafés can open
 * a Café without network. A new build fetches its files before it becomes active.
 */
export class StaffFiles {
  readonly #files: Set<string>;

  /** @param files all files of this build, as `assets/NAME` */
  constructor(files: string[]) {
    this.#files = new Set(files.filter((file) => STAFF_FILE.test(file)));
  }

  has(file: string): boolean {
    return this.#files.has(file);
  }

  /** Returns the stored file, else the one from the network; then fetches all other files. @throws if it is not stored and there is no network */
  async answer(request: Request, event: { waitUntil(work: Promise<unknown>): void }): Promise<Response> {
    const kept = await (await caches.open(STAFF_CACHE)).match(request.url, { ignoreVary: true });
    const answer = kept ?? (await fetch(request));
    event.waitUntil(this.keepAll().catch(() => {}));
    return answer;
  }

  /** Fetches every file that is not stored yet. @throws if one cannot be fetched */
  async keepAll(): Promise<void> {
    const cache = await caches.open(STAFF_CACHE);
    const kept = new Set((await cache.keys()).map(({ url }) => new URL(url).pathname));
    await cache.addAll([...this.#files].map((file) => `/${file}`).filter((path) => !kept.has(path)));
  }

  /** Fetches the files of this build on a device that has the files of an earlier build. */
  async renew(): Promise<void> {
    if (await caches.has(STAFF_CACHE)) await this.keepAll();
  }

  /** Deletes the files of earlier builds. */
  async deleteOld(): Promise<void> {
    if (!(await caches.has(STAFF_CACHE))) return;
    const cache = await caches.open(STAFF_CACHE);
    const old = (await cache.keys()).filter(({ url }) => !this.has(new URL(url).pathname.slice(1)));
    await Promise.all(old.map((request) => cache.delete(request)));
  }
}
