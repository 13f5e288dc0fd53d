import { describe, expect, it } from '@jest/globals';
import { createLogger } from './logging.ts';

/** The line that `write` logs, as text. */
function lineOf(write: (logger: ReturnType<typeof createLogger>) => void): string {
  const lines: string[] = [];
  write(createLogger({ name: 'api', level: 'info' }, { write: (text) => lines.push(text) }));
  return lines.join('');
}

describe('a log line', () => {
  it('has each key once, and the name of the app once', () => {
    const line = lineOf((logger) => logger.info({ port: 3000 }, 'the API is ready'));
    expect(line).toMatch(/^{"level":30,"time":\d+,"app":"api","port":3000,"msg":"the API is ready"}\n$/);
  });

  it.each(['level', 'time', 'app', 'msg'])('has the key %s once, also when a field has that key', (key) => {
    const line = lineOf((logger) => logger.warn({ [key]: 'of the field', code: 'busy' }, 'refused'));
    expect(line.split(`"${key}":`)).toHaveLength(2);
    expect(JSON.parse(line)).toMatchObject({
      app: 'api',
      level: 40,
      msg: 'refused',
      code: 'busy',
      [`${key}_`]: 'of the field',
    });
  });

  it('has no address, cookie or authorization', () => {
    const req = { headers: { cookie: 'a secret', authorization: 'a secret', host: 'localhost' } };
    const line = lineOf((logger) =>
      logger.info({ email: 'a@example.org', to: { email: 'b@example.org' }, req }, 'sent'),
    );
    expect(line).not.toMatch(/example\.org|a secret/);
  });
});
