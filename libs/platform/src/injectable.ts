/** Returns a base for an abstract class of type `T`, because Nest injects by class and `T` has no class. */
export function injectable<T extends object>(): abstract new () => T {
  return Object as unknown as abstract new () => T;
}
