/** A class that identifies a dependency; it may be abstract. */
type Token<Instance> = abstract new (...args: never[]) => Instance;

/**
 * Returns a Nest provider that constructs a class with these dependencies. The classes of libs have no decorators, because only their
 * modules import Nest. A dependency that does not match the constructor is a type error.
 */
export function providerOf<Args extends unknown[]>(
  type: new (...args: Args) => object,
  ...inject: { [Index in keyof Args]: Token<Args[Index]> }
) {
  return { provide: type, useFactory: (...args: Args) => new type(...args), inject };
}
