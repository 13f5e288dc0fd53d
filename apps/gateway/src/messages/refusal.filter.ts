import { type ArgumentsHost, Catch, type WsExceptionFilter } from '@nestjs/common';
import { type LiveRefusal, type ProblemCode, ProblemError } from '#contract';
import { AppLogger, isDatabaseUnavailable } from '#platform';

/** The index of the acknowledgement in the arguments of a handler, after the socket and the message. */
const ACKNOWLEDGE_INDEX = 2;

/** Acknowledges a failed live message with a problem code. The connection stays open. */
@Catch()
export class RefusalFilter implements WsExceptionFilter {
  readonly #logger: AppLogger;

  constructor(logger: AppLogger) {
    this.#logger = logger;
  }

  catch(error: unknown, host: ArgumentsHost): void {
    const acknowledge = host.getArgByIndex<(refusal: LiveRefusal) => void>(ACKNOWLEDGE_INDEX);
    acknowledge({ ok: false, code: this.#codeOf(error) });
  }

  #codeOf(error: unknown): ProblemCode {
    if (error instanceof ProblemError) return error.code;
    if (isDatabaseUnavailable(error)) return 'unavailable';
    this.#logger.error({ error: (error as Error).message }, 'a live message failed');
    return 'internal-error';
  }
}
