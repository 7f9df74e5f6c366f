import type { Checks } from '@baton/catalog';
import { BatonError } from '@baton/contracts';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { ProblemError } from '../http/problem.js';

const MEDIA_TYPES = ['application/yaml', 'application/x-yaml', 'text/yaml'];
const ROUTES: ReadonlySet<string> = new Set([
  '/v1/workflows',
  '/v1/workflows/validate',
  '/v1/workflows/graph',
  '/v1/decisions/backtest',
]);

/** Workflow documents and policies may be sent as they are written. No other request may: its body would be a text to its handler. */
export function acceptYaml(server: FastifyInstance, checks: Pick<Checks, 'yaml'>): void {
  server.addContentTypeParser(
    MEDIA_TYPES,
    { parseAs: 'string' },
    async (request: FastifyRequest, body: string | Buffer) => {
      if (!ROUTES.has(request.routeOptions.url ?? '')) {
        throw new ProblemError('The request body is of a type that is not understood.', {
          status: 415,
          code: 'unsupported-media-type',
          next: 'Send the header Content-Type: application/json.',
        });
      }
      return parse(String(body), checks);
    },
  );
}

async function parse(text: string, checks: Pick<Checks, 'yaml'>): Promise<unknown> {
  try {
    return await checks.yaml(text);
  } catch (thrown) {
    if (!(thrown instanceof BatonError)) throw thrown;
    throw new ProblemError(`The request cannot be read. ${thrown.message}`, {
      status: 400,
      code: 'malformed-request',
      next: thrown.next ?? 'Correct the text.',
      cause: thrown,
    });
  }
}
