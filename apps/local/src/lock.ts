import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { privateFolder } from './files.ts';
import { StartError } from './ports.ts';

/** The lock of a data folder. The system frees it when this process ends, in whatever way. */
export interface FolderLock {
  /** Whether the process that had the lock before was killed: processes that it started may still run. */
  wasCutOff: boolean;
  /** Record that this process stopped everything that it started. */
  release(): void;
}

/**
 * Make a data folder and lock it. The lock is a lock of SQLite, which the system frees with its process; a pid file could name a pid
 * that another process has by now.
 * @throws StartError when the folder cannot be made or written, or another process has the lock.
 */
export async function lockFolder(folder: string): Promise<FolderLock> {
  await privateFolder(folder).catch((error: NodeJS.ErrnoException) => {
    throw new StartError(`The data folder ${folder} cannot be made (${error.code}): set DATA_DIR to another.`);
  });
  try {
    const lock = new DatabaseSync(path.join(folder, 'lock'));
    lock.exec('pragma locking_mode = exclusive; pragma journal_mode = memory');
    const left = lock.prepare('pragma user_version').get() as { user_version: number };
    const mark = (version: number) => lock.exec(`pragma user_version = ${version}`);
    mark(1);
    return { wasCutOff: left.user_version !== 0, release: () => mark(0) };
  } catch (error) {
    const { message, errcode } = error as Error & { errcode?: number };
    throw new StartError(
      errcode === SQLITE_BUSY
        ? `Another start runs on the data folder ${folder}: stop it, or set DATA_DIR to another folder.`
        : `The data folder ${folder} cannot be written (${message}): set DATA_DIR to another.`,
    );
  }
}

const SQLITE_BUSY = 5;
