import { Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import { IMPORT_BYTES_MAX, ProblemError } from '#contract';

/**
 * Reads the file that is the body of a request. The server ends requests that take longer than 30 seconds to arrive.
 * @throws ProblemError `payload-too-large` at the byte that is too many, `invalid-request` for a body that is no file or does not arrive
 */
export async function readUpload({ body }: FastifyRequest): Promise<Buffer> {
  if (!(body instanceof Readable)) throw notAFile('must be the bytes of a file');
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of body.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      length += chunk.length;
      if (length > IMPORT_BYTES_MAX) throw new ProblemError('payload-too-large');
      chunks.push(chunk);
    }
  } catch (error) {
    // What is left is read and thrown away: the connection is used for the next request.
    body.resume();
    if (error instanceof ProblemError) throw error;
    throw notAFile('must arrive whole');
  }
  if (length === 0) throw notAFile('must not be empty');
  return Buffer.concat(chunks);
}

function notAFile(message: string): ProblemError {
  return new ProblemError('invalid-request', { errors: [{ path: '', message }] });
}
