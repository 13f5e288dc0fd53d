import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import { map, type Observable } from 'rxjs';
import type * as z from 'zod/mini';
import type { CallName } from '#contract';

/**
 * Checks the answers of one call by their declared schema. A value that is not in the contract, such as a new outcome of a database
 * function, is an error and is never sent as a success.
 */
export class AnswerCheck implements NestInterceptor {
  readonly #call: CallName;
  readonly #shape: z.ZodMiniType;

  constructor(call: CallName, shape: z.ZodMiniType) {
    this.#call = call;
    this.#shape = shape;
  }

  intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(
      map((answer) => {
        const [issue] = this.#shape.safeParse(answer).error?.issues ?? [];
        if (!issue) return answer;
        throw new Error(`the answer of ${this.#call} is not as declared: ${issue.path.join('.')}: ${issue.message}`);
      }),
    );
  }
}
