import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { privateFolder } from './files.ts';
import { StartError } from './ports.ts';

/** The lock of a data folder. The operating system releases it when this process ends in any way. */
export interface FolderLock {
  /** Whether the process that held the lock before was killed: its child processes may still run. */
  wasCutOff: boolean;
  /** Records that this process has stopped all its child processes. */
  release(): void;
}

/**
 * Creates a data folder and locks it. The lock is a lock of SQLite, which the operating system releases when its process ends. A pid file
 * could contain a pid that now belongs to another process.
 * @throws StartError if the folder cannot be created or written, or if another process holds the lock
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
