import { type Logger, pino } from 'pino';
import { injectable } from './injectable.ts';

/** The logger of an app. An abstract class, so that Nest can inject it by class. */
export abstract class AppLogger extends injectable<Logger>() {}

/** JSON lines on standard output. No line carries an address, a name, a code, a token or a cookie. */
export function createLogger(options: { name: string; level: string }): Logger {
  return pino({
    name: options.name,
    level: options.level,
    base: undefined,
    redact: { paths: ['req.headers.cookie', 'req.headers.authorization', 'email', '*.email'], remove: true },
  }).child({ app: options.name });
}
