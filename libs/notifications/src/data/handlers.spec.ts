import { describe, expect, it } from '@jest/globals';
import { MailKind } from '#contract';
import { completeHandlers } from './index.ts';

describe('the handlers of messages', () => {
  it('stop the boot when a kind has none, with an error that names the kind', () => {
    const all = Object.fromEntries(MailKind.options.map((kind) => [kind, () => {}]));
    expect(completeHandlers(all as Record<MailKind, unknown>)).toBe(all);
    const { thanks, ...others } = all;
    expect(() => completeHandlers(others as Record<MailKind, unknown>)).toThrow(
      'no handler for messages of the kind thanks',
    );
  });
});
