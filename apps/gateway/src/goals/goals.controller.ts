import type { RunAccepted } from '@baton/contracts';
import { Body, Controller, Headers, HttpCode, Inject, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { type GatewayParts, PARTS } from '../parts/parts.js';
import { submitGoal } from './submit-goal.js';

@Controller('v1/goals')
export class GoalsController {
  constructor(@Inject(PARTS) private readonly parts: GatewayParts) {}

  /** A goal in one sentence becomes a run that composes a workflow, has it approved, and runs it. */
  @Post()
  @HttpCode(202)
  async submit(
    @Body() body: unknown,
    @Headers('idempotency-key') key: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<RunAccepted> {
    const accepted = await submitGoal(this.parts, body, key);
    reply.header('location', `/v1/runs/${accepted.runId}`);
    return accepted;
  }
}
