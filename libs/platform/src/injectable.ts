/** A base for an abstract class that has the type `T`: Nest injects by class, and `T` has none. */
export function injectable<T extends object>(): abstract new () => T {
  return Object as unknown as abstract new () => T;
}
