import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import path from 'node:path';

/** Returns the path of a program on the PATH or in a usual folder; undefined if it is not installed. */
export function commandOnPath(name: string): string | undefined {
  for (const folder of [...(process.env.PATH ?? '').split(path.delimiter), '/usr/local/bin', '/usr/bin', '/usr/sbin']) {
    const file = path.join(folder, name);
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      // The program is not in this folder.
    }
  }
  return undefined;
}

/** Installs a package with apt if this user is root and apt exists. Returns whether it is installed afterwards. */
export function installWithApt(name: string, say: (line: string) => void): boolean {
  const apt = commandOnPath('apt-get');
  if (process.getuid?.() !== 0 || !apt) return false;
  say(`Installing ${name} with apt-get …`);
  const run = (...args: string[]) =>
    // All users must be able to read the files of a package, whatever the umask of this process is.
    spawnSync('sh', ['-c', 'umask 022 && exec "$0" "$@"', apt, '-q', ...args], {
      stdio: ['ignore', 'ignore', 'pipe'],
      encoding: 'utf8',
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
  run('update');
  const install = run('install', '-y', '--no-install-recommends', name);
  if (install.status !== 0) say(`apt-get could not install ${name}: ${install.stderr.trim().split('\n').at(-1)}`);
  return install.status === 0;
}
