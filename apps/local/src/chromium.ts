import { StartError } from './ports.ts';
import { commandOnPath, installWithApt } from './system.ts';

/** Chromium without a window takes about 40 % less processor time than a full browser (docs/adr/0029), so it is preferred. */
const WITHOUT_WINDOW = 'chromium-headless-shell';
const BROWSERS = [WITHOUT_WINDOW, 'chromium', 'chromium-browser', 'google-chrome'];

/**
 * Returns the path of Chromium. Installs the system's package if it is missing and may be installed.
 * @throws StartError with the names of the packages to install
 */
export function requireChromium(say: (line: string) => void = () => {}): string {
  const find = () => BROWSERS.map(commandOnPath).find((file) => file !== undefined);
  const install = (name: string) => (installWithApt(name, say) ? find() : undefined);
  const found = find() ?? install(WITHOUT_WINDOW) ?? install('chromium');
  if (!found) throw new StartError(`Chromium is missing: install the package ${WITHOUT_WINDOW} or chromium.`);
  return found;
}
