import { BatonError, parseJson, toError } from '@baton/contracts';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyRequest } from 'fastify';
import { ProblemError } from './problem.js';

/** Deliveries of others: whoever takes them reads their bodies. */
const RAW_ROUTE = '/hooks/:hook';

/**
 * Bodies in JSON, of which every number stays what it is. Members named `__proto__` are members like any other: nothing
 * here copies a member by assigning it.
 *
 * @param turn awaited before a body is looked into, of which a small one can be much once it is read
 */
export function acceptJson(
  app: NestFastifyApplication,
  bodyLimit: number,
  turn: (request: FastifyRequest) => Promise<void>,
): void {
  app.useBodyParser('application/json', { bodyLimit }, async (request: FastifyRequest, body: unknown) => {
    await turn(request);
    // What is signed are the bytes.
    if (request.routeOptions.url === RAW_ROUTE) return body;
    return bodyOf(String(body));
  });
}

function bodyOf(text: string): unknown {
  try {
    return parseJson(text.replace(/^\ufeff/, ''), 'The request body');
  } catch (thrown) {
    if (thrown instanceof BatonError) {
      throw new ProblemError(thrown.message, {
        status: 400,
        code: thrown.code,
        next: thrown.next ?? 'Correct the body.',
        cause: thrown,
      });
    }
    throw new ProblemError(`The request cannot be read: ${toError(thrown).message}.`, {
      status: 400,
      code: 'malformed-request',
      next: 'Send a JSON object as the body, encoded in UTF-8.',
      cause: thrown,
    });
  }
}
