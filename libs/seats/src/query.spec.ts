import { describe, expect, it } from '@jest/globals';
import { afterCommit } from './query.ts';

/** An error as the server sends it; one of Node has no severity. */
const fault = (code: string) =>
  Object.assign(new Error('a fault'), { code, ...(/^\d/.test(code) && { severity: 'FATAL' }) });

describe('what a commit made', () => {
  it('is read though the database goes away just then', async () => {
    const faults = [fault('57P01'), fault('ECONNREFUSED')];
    const read = async () => {
      const next = faults.shift();
      if (next) throw next;
      return 'read';
    };
    expect(await afterCommit(read)).toBe('read');
  });

  it('is not asked for again where the question is wrong', async () => {
    let asked = 0;
    const read = async () => {
      asked += 1;
      throw fault('42P01');
    };
    await expect(afterCommit(read)).rejects.toMatchObject({ code: '42P01' });
    expect(asked).toBe(1);
  });
});
