import { StartError } from './ports.ts';
import { commandOnPath, installWithApt } from './system.ts';

/**
 * The Chromium of this machine; installed from the system's packages where there is none and it can be.
 * @throws StartError saying what to install.
 */
export function requireChromium(say: (line: string) => void = () => {}): string {
  const find = () =>
    ['chromium', 'chromium-browser', 'google-chrome'].map(commandOnPath).find((file) => file !== undefined);
  const found = find() ?? (installWithApt('chromium', say) ? find() : undefined);
  if (!found) throw new StartError('Chromium is missing: install the package chromium.');
  return found;
}
