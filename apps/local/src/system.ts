import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import path from 'node:path';

/** Where a program is, if it is on the PATH. */
export function commandOnPath(name: string): string | undefined {
  for (const folder of [...(process.env.PATH ?? '').split(path.delimiter), '/usr/local/bin', '/usr/bin', '/usr/sbin']) {
    const file = path.join(folder, name);
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      // Not here.
    }
  }
  return undefined;
}

/** Install a package of the system where that is allowed (root, apt). Says so before it does. */
export function installWithApt(name: string, say: (line: string) => void): boolean {
  const apt = commandOnPath('apt-get');
  if (process.getuid?.() !== 0 || !apt) return false;
  say(`Installing ${name} with apt-get …`);
  const run = (...args: string[]) =>
    // What a package puts on the system is for every user, whatever this process keeps to itself.
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
