/**
 * Resolves with the result of `work` if it is ready in time. A later error of `work` is ignored.
 * @throws Error with the message `timeoutMessage` after `milliseconds`
 */
export async function within<T>(milliseconds: number, work: Promise<T>, timeoutMessage: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(timeoutMessage)), milliseconds);
  });
  try {
    return await Promise.race([work, tooLate]);
  } finally {
    clearTimeout(timer);
    work.catch(() => {});
  }
}
