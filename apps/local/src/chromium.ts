import { StartError } from './ports.ts';
import { commandOnPath, installWithApt } from './system.ts';

/**
 * Returns the path of Chromium. Installs the system's package when it is missing and may be installed.
 * @throws StartError naming the package to install.
 */
export function requireChromium(say: (line: string) => void = () => {}): string {
  const find = () =>
    ['chromium', 'chromium-browser', 'google-chrome'].map(commandOnPath).find((file) => file !== undefined);
  const found = find() ?? (installWithApt('chromium', say) ? find() : undefined);
  if (!found) throw new StartError('Chromium is missing: install the package chromium.');
  return found;
}
