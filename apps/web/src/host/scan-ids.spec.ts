import { describe, expect, it } from '@jest/globals';
import { ScanIds } from './scan-ids.ts';

describe('the id of a scan', () => {
  it('is the same for a ticket until its answer comes', () => {
    const ids = new ScanIds();
    const id = ids.idFor('ada', 0);
    expect(ids.idFor('grace', 1)).not.toBe(id);
    expect(ids.idFor('ada', 600_000)).toBe(id);
  });

  it('is the same for five seconds after the answer, and a new one later', () => {
    const ids = new ScanIds();
    const id = ids.idFor('ada', 0);
    ids.answered('ada', 1_000);
    expect(ids.idFor('ada', 6_000)).toBe(id);
    ids.answered('ada', 6_000);
    expect(ids.idFor('ada', 11_001)).not.toBe(id);
  });

  it('is a new one after a check-in was undone', () => {
    const ids = new ScanIds();
    const id = ids.idFor('ada', 0);
    ids.answered('ada', 1);
    ids.clear();
    expect(ids.idFor('ada', 2)).not.toBe(id);
  });

  it('is stored for two hundred scans without an answer', () => {
    const ids = new ScanIds();
    const [first, second] = [ids.idFor('0', 0), ids.idFor('1', 0)];
    for (let scan = 2; scan <= 200; scan++) ids.idFor(String(scan), 0);
    expect(ids.idFor('1', 0)).toBe(second);
    expect(ids.idFor('0', 0)).not.toBe(first);
  });
});
