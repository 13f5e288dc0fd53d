import { describe, expect, it } from '@jest/globals';
import { MailKind } from '#contract';
import { completeHandlers } from './index.ts';

describe('the handlers of messages', () => {
  it('stop the boot where a kind has none, and name it', () => {
    const all = Object.fromEntries(MailKind.options.map((kind) => [kind, () => {}]));
    expect(completeHandlers(all as Record<MailKind, unknown>)).toBe(all);
    const { thanks, ...others } = all;
    expect(() => completeHandlers(others as Record<MailKind, unknown>)).toThrow(
      'no handler for messages of the kind thanks',
    );
  });
});
