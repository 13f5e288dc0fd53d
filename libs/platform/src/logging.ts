import { type DestinationStream, type Logger, pino } from 'pino';
import { injectable } from './injectable.ts';

/** The logger of an app. An abstract class, so that Nest can inject it by class. */
export abstract class AppLogger extends injectable<Logger>() {}

/** The keys of every line. */
const KEYS_OF_LINES = ['level', 'time', 'app', 'msg'] as const;

/**
 * Writes JSON lines to standard output. No line contains an address, a name, a code, a token or a cookie. Each key occurs once in a line: a
 * field with the name of a standard key gets an underscore, because programs that read lines keep only one of two values.
 * @param destination for tests
 */
export function createLogger(options: { name: string; level: string }, destination?: DestinationStream): Logger {
  const settings = {
    level: options.level,
    base: { app: options.name },
    formatters: { log: withoutKeysOfLines },
    redact: { paths: ['req.headers.cookie', 'req.headers.authorization', 'email', '*.email'], remove: true },
  };
  return destination ? pino(settings, destination) : pino(settings);
}

function withoutKeysOfLines(fields: Record<string, unknown>): Record<string, unknown> {
  if (!KEYS_OF_LINES.some((key) => Object.hasOwn(fields, key))) return fields;
  const isTaken = (key: string) => (KEYS_OF_LINES as readonly string[]).includes(key);
  return Object.fromEntries(Object.entries(fields).map(([key, value]) => [isTaken(key) ? `${key}_` : key, value]));
}
