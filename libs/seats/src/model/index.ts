/** The rules of the seat engine, as pure functions over a small state: the specification that the SQL is held against. */
export * from './pending.ts';
export * from './rules.ts';
export * from './state.ts';
