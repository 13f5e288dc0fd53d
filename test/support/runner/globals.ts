/** `@jest/globals` in the processes of jest-light-runner, which puts its functions into the global object. */
export const { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest, test } =
  globalThis as unknown as typeof import('@jest/globals');
