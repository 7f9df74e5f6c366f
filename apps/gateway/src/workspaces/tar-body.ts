import type { FastifyInstance } from 'fastify';
import { ProblemError } from '../http/problem.js';

export const UPLOAD_ROUTE = '/v1/workspaces';
const TAR = 'application/x-tar';

/** An upload reaches its handler as the stream that it is: its bound is the handler's. No other request may be one. */
export function acceptTar(server: FastifyInstance): void {
  server.addContentTypeParser(TAR, (request, payload, done) => {
    if (request.routeOptions.url === UPLOAD_ROUTE) done(null, payload);
    else done(notUnderstood('application/json'));
  });
}

export const notUnderstood = (wanted: string = TAR): ProblemError =>
  new ProblemError('The request body is of a type that is not understood.', {
    status: 415,
    code: 'unsupported-media-type',
    next: `Send the header Content-Type: ${wanted}.`,
  });
