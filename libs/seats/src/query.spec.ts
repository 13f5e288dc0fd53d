import { describe, expect, it } from '@jest/globals';
import { afterCommit } from './query.ts';

/** An error as the server sends it. An error of Node has no severity. */
const errorWith = (code: string) =>
  Object.assign(new Error('an error'), { code, ...(/^\d/.test(code) && { severity: 'FATAL' }) });

describe('the read after a commit', () => {
  it('is retried while the database is unavailable', async () => {
    const errors = [errorWith('57P01'), errorWith('ECONNREFUSED')];
    const read = async () => {
      const next = errors.shift();
      if (next) throw next;
      return 'read';
    };
    expect(await afterCommit(read)).toBe('read');
  });

  it('is not retried when the statement is wrong', async () => {
    let reads = 0;
    const read = async () => {
      reads += 1;
      throw errorWith('42P01');
    };
    await expect(afterCommit(read)).rejects.toMatchObject({ code: '42P01' });
    expect(reads).toBe(1);
  });
});
