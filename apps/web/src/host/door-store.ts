import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { Attendance } from '#contract';
import { DOOR_DATABASE } from '../shared/offline/names.ts';

/** How long a list is stored on the device, in milliseconds. */
const LIST_FOR_MS = 24 * 3_600_000;

/** The attendance list of a Café that a host saw last. */
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
  /** The name of the person, if the host chose it from the list. */
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
    // A sign-out deletes the database (deletePersonalData).
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

/** Uses the database; returns undefined if there is no storage, as in some private windows. */
async function ifStored<Value>(use: (database: IDBPDatabase<Door>) => Promise<Value>): Promise<Value | undefined> {
  return open()
    .then(use)
    .catch(() => undefined);
}

/** Stores the data that a host needs when the page is loaded without network. No method rejects. */
export const doorStore = {
  async storeList(list: KeptList): Promise<void> {
    await ifStored((database) => database.put('lists', list));
  },
  /** Returns the list that this host saw last. Deletes lists that are too old. */
  async list(cafeId: string, by: string): Promise<KeptList | undefined> {
    return ifStored(async (database) => {
      for (const list of await database.getAll('lists'))
        if (Date.now() - list.keptAt > LIST_FOR_MS) await database.delete('lists', list.cafeId);
      const found = await database.get('lists', cafeId);
      return found?.by === by ? found : undefined;
    });
  },
  async deleteList(cafeId: string): Promise<void> {
    await ifStored((database) => database.delete('lists', cafeId));
  },
  async storeScan(scan: Scan): Promise<void> {
    await ifStored((database) => database.put('scans', scan));
  },
  async deleteScan(clientId: string): Promise<void> {
    await ifStored((database) => database.delete('scans', clientId));
  },
  /** Returns the unanswered check-ins of this host, in the order of their scans. */
  async scans(by: string): Promise<Scan[]> {
    const all = (await ifStored((database) => database.getAll('scans'))) ?? [];
    return all.filter((scan) => scan.by === by).sort((one, other) => one.scannedAt.localeCompare(other.scannedAt));
  },
};
