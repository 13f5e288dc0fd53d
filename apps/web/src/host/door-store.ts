import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { Attendance } from '#contract';
import { DOOR_DATABASE } from '../shared/offline/names.ts';

/** How long a list is kept on the device, in milliseconds. */
const LIST_FOR_MS = 24 * 3_600_000;

/** The list of a Café as a host last saw it. */
export interface KeptList {
  cafeId: string;
  /** The attendee id of the host who saw it. */
  by: string;
  attendance: Attendance;
  /** Milliseconds since 1970. */
  keptAt: number;
}

/** A check-in that the API has not answered yet. */
export interface Scan {
  clientId: string;
  cafeId: string;
  /** The attendee id of the host. */
  by: string;
  what: { ticket: string; todayOnly: true } | { registrationId: string };
  /** The name, where it was chosen from the list. */
  name?: string;
  scannedAt: string;
}

interface Door extends DBSchema {
  lists: { key: string; value: KeptList };
  scans: { key: string; value: Scan };
}

let opened: Promise<IDBPDatabase<Door>> | undefined;

function open(): Promise<IDBPDatabase<Door>> {
  opened ??= openDB<Door>(DOOR_DATABASE, 1, {
    upgrade(database) {
      database.createObjectStore('lists', { keyPath: 'cafeId' });
      database.createObjectStore('scans', { keyPath: 'clientId' });
    },
    // A sign-out deletes the database (forgetMine).
    blocking(_current, _blocked, event) {
      (event.target as IDBDatabase).close();
      opened = undefined;
    },
  });
  opened.catch(() => {
    opened = undefined;
  });
  return opened;
}

/** A private window may have no storage: then nothing is kept. */
async function ifStored<Value>(use: (database: IDBPDatabase<Door>) => Promise<Value>): Promise<Value | undefined> {
  return open()
    .then(use)
    .catch(() => undefined);
}

/** Keeps what a host needs when the page is loaded again without network. No call rejects. */
export const doorStore = {
  async keepList(list: KeptList): Promise<void> {
    await ifStored((database) => database.put('lists', list));
  },
  /** The list that this host last saw, and deletes those that are too old. */
  async list(cafeId: string, by: string): Promise<KeptList | undefined> {
    return ifStored(async (database) => {
      for (const list of await database.getAll('lists'))
        if (Date.now() - list.keptAt > LIST_FOR_MS) await database.delete('lists', list.cafeId);
      const found = await database.get('lists', cafeId);
      return found?.by === by ? found : undefined;
    });
  },
  async forgetList(cafeId: string): Promise<void> {
    await ifStored((database) => database.delete('lists', cafeId));
  },
  async keepScan(scan: Scan): Promise<void> {
    await ifStored((database) => database.put('scans', scan));
  },
  async forgetScan(clientId: string): Promise<void> {
    await ifStored((database) => database.delete('scans', clientId));
  },
  /** The check-ins of this host that were not answered, in the order of their scans. */
  async scans(by: string): Promise<Scan[]> {
    const all = (await ifStored((database) => database.getAll('scans'))) ?? [];
    return all.filter((scan) => scan.by === by).sort((one, other) => one.scannedAt.localeCompare(other.scannedAt));
  },
};
