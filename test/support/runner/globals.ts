/**
 * Replaces `@jest/globals` in the processes of jest-light-runner. The runner puts its functions (`it`, `expect`, …) into the global object;
 * this module exports them.
 */
export const { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest, test } =
  globalThis as unknown as typeof import('@jest/globals');
