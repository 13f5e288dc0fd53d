import { expect, it } from '@jest/globals';
import { KeyBuffer } from './typed-reader.ts';

/** Returns the scans among these keys. Each key comes `gapMs` milliseconds after the previous one. */
function scansOf(keys: string[], gapMs = 20): string[] {
  const buffer = new KeyBuffer();
  return keys.flatMap((key, index) => buffer.take(key, index * gapMs) ?? []);
}

it('a reader ends a scan with Enter or Tab, and presses Shift for capitals', () => {
  expect(scansOf([...'AgEabc', 'Enter', ...'AgE', 'Shift', ...'XYZ', 'Tab'])).toEqual(['AgEabc', 'AgEXYZ']);
});

it('Enter alone, a few keys, and keys with long pauses are not a scan', () => {
  expect(scansOf(['Enter', ...'abc', 'Enter', ...'abc', 'Backspace', ...'def', 'Enter'])).toEqual([]);
  expect(scansOf([...'abcdefgh', 'Enter'], 1_001)).toEqual([]);
});

it('a scan holds at most the last 512 keys', () => {
  expect(scansOf([...'x'.repeat(600), 'Enter'])).toEqual(['x'.repeat(512)]);
});
