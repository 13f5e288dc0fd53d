import * as z from 'zod';

export type Json = Record<string, unknown>;

/** Returns the JSON schema of a schema of the contract, in the dialect of the document that contains it. */
export function schemaOf(
  schema: z.core.$ZodType,
  io: 'input' | 'output',
  target: 'draft-2020-12' | 'draft-7' = 'draft-2020-12',
): Json {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io, target, unrepresentable: 'any' });
  return rest;
}
