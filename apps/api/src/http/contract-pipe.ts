import { type ArgumentMetadata, Injectable, StandardSchemaValidationPipe } from '@nestjs/common';
import type * as z from 'zod/mini';
import { ProblemError } from '#contract';

/** The most faults that one answer lists. */
const ERRORS_MAX = 50;

/** Holds every parameter and body against its schema of the contract; a fault becomes `invalid-request` with its places. */
@Injectable()
export class ContractPipe extends StandardSchemaValidationPipe {
  constructor() {
    super({
      exceptionFactory: (issues) =>
        new ProblemError('invalid-request', {
          errors: issues.slice(0, ERRORS_MAX).map(({ path, message }) => ({
            path: (path ?? []).map((part) => String(typeof part === 'object' ? part.key : part)).join('.'),
            message,
          })),
        }),
    });
  }

  override async transform<T>(value: T, metadata: ArgumentMetadata): Promise<T> {
    try {
      return await super.transform(value, metadata);
    } catch (error) {
      const named = error instanceof ProblemError && metadata.data && (error.members.errors as { path: string }[])?.[0];
      if (named && named.path === '') named.path = metadata.data as string;
      throw error;
    }
  }
}

/** The same for what has no parameter of its own. @throws ProblemError `invalid-request`; `name` is the place of the whole. */
export function parse<Schema extends z.ZodMiniType>(schema: Schema, value: unknown, name = ''): z.infer<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new ProblemError('invalid-request', {
    errors: parsed.error.issues
      .slice(0, ERRORS_MAX)
      .map(({ path, message }) => ({ path: path.join('.') || name, message })),
  });
}
