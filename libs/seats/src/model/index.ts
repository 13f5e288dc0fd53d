/** The rules of the seat engine, as pure functions over a small state. The SQL is tested against them. */
export * from './pending.ts';
export * from './rules.ts';
export * from './state.ts';
