import { Controller, Get, Inject, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { ProblemError, toProblem } from '../http/problem.js';
import { type GatewayParts, PARTS } from '../parts/parts.js';

/** Open to everybody who reaches the port: they tell which parts do not work and why, and never a secret. */
@Controller()
export class HealthController {
  constructor(@Inject(PARTS) private readonly parts: GatewayParts) {}

  /** The process answers. Asks nobody else: a restart would not bring a database back. */
  @Get('livez')
  live(): { readonly status: string } {
    return { status: 'alive' };
  }

  /** The gateway can do its work. */
  @Get('readyz')
  async ready(@Res() reply: FastifyReply): Promise<void> {
    const { ready, phase, checks } = await this.parts.health.report();
    if (ready) return void (await reply.send({ status: 'ready', phase, checks }));
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
      .send(JSON.stringify({ ...toProblem(problem), phase, checks }));
  }
}
