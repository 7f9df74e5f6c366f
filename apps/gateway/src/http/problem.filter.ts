import { toError } from '@baton/contracts';
import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ProblemError, toProblem } from './problem.js';
import { toProblemError } from './to-problem-error.js';

/** The part of a pino logger that the filter uses. */
export interface FilterLog {
  warn(facts: object, message: string): void;
  error(facts: object, message: string): void;
}

/** Sends everything thrown as `application/problem+json`. What went wrong inside goes to the log, never to the client. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  /** @param refused told of every problem that is answered */
  constructor(
    private readonly log: FilterLog,
    private readonly refused: (problem: ProblemError, request: FastifyRequest) => void,
  ) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    this.send(thrown, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
  }

  /** Also for errors outside Nest's routes, such as a hook's. */
  send(thrown: unknown, request: FastifyRequest, reply: FastifyReply): void {
    const problem = toProblemError(thrown) ?? internal(thrown);
    const facts = {
      requestId: request.id,
      method: request.method,
      route: request.routeOptions.url,
      err: toError(thrown),
    };
    if (problem.status === 503) this.log.warn(facts, 'request refused: something it needs is away');
    else if (problem.status >= 500) this.log.error(facts, 'request failed');
    if (reply.sent) return;
    this.refused(problem, request);
    void reply
      .status(problem.status)
      .headers(problem.headers)
      .type('application/problem+json; charset=utf-8')
      .send(JSON.stringify({ ...toProblem(problem), requestId: request.id }));
  }
}

const internal = (cause: unknown): ProblemError =>
  new ProblemError('Something unexpected happened inside the gateway.', {
    status: 500,
    code: 'internal',
    next: 'Look at the log of the gateway for the reason, and report it.',
    cause,
  });
