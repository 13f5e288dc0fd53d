import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { privateFolder } from './files.ts';
import { StartError } from './ports.ts';

/** A data folder that is ours alone until this process ends, however it ends. */
export interface FolderLock {
  /** Whoever had it before was cut off: what they started may still be there. */
  wasCutOff: boolean;
  /** Say that nothing was left behind. */
  release(): void;
}

/**
 * Make a data folder and take it. SQLite holds the lock, because the system gives it back with the process that has it: there is no
 * number of a dead process to mistake for a living one.
 * @throws StartError when it cannot be made or written, or is somebody's.
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
