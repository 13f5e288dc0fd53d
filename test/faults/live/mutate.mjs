// Preloaded into a process of the build. Changes one line of one of its files, so that a test can show that it finds the change. MUTATE is
// JSON: {file, line, instead}; a file without that line ends the process.
import { registerHooks } from 'node:module';

const { file, line, instead } = JSON.parse(process.env.MUTATE ?? '{}');
registerHooks({
  load(url, context, next) {
    const loaded = next(url, context);
    if (!url.endsWith(file)) return loaded;
    const source = String(loaded.source);
    if (source.split(line).length !== 2) throw new Error(`${file} does not have this line once: ${line}`);
    return { ...loaded, source: source.replace(line, instead) };
  },
});
