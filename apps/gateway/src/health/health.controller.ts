import type { Liveness, Readiness } from '@baton/contracts';
import { Controller, Get, Inject, Query, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { parseParameters } from '../http/parse.js';
import { ProblemError, toProblem } from '../http/problem.js';
import { ReadyQuery } from '../http/queries.js';
import { type GatewayParts, PARTS } from '../parts/parts.js';

/** Open to everybody who reaches the port: they tell which parts do not work and why, and never a secret. */
@Controller()
export class HealthController {
  constructor(@Inject(PARTS) private readonly parts: GatewayParts) {}

  /** The process answers. Asks nobody else: a restart would not bring a database back. */
  @Get('livez')
  live(): Liveness {
    return { status: 'alive' };
  }

  /** The gateway can do its work; `?verbose` shows facts beside the checks. */
  @Get('readyz')
  async ready(@Query() query: unknown, @Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    const { health } = this.parts;
    const { verbose } = parseParameters(ReadyQuery, query);
    const { ready, phase, checks } = await health.report();
    if (ready) {
      const facts = verbose === undefined ? {} : { facts: { ...health.facts() } };
      const readiness: Readiness = { status: 'ready', phase, checks: { ...checks }, ...facts };
      return void (await reply.send(readiness));
    }
    const failing = Object.entries(checks).filter(([, outcome]) => outcome !== 'ok');
    const problem = new ProblemError(
      failing.length === 0 ? `The gateway is ${phase}.` : `Not ready: ${failing.map(([name]) => name).join(', ')}.`,
      {
        status: 503,
        code: 'not-ready',
        next: 'Look at checks for the reasons.',
        errors: failing.map(([pointer, detail]) => ({ pointer, detail })),
      },
    );
    await reply
      .status(503)
      .headers({ 'retry-after': '2' })
      .type('application/problem+json; charset=utf-8')
      .send(JSON.stringify({ ...toProblem(problem), requestId: request.id, phase, checks }));
  }
}
