import type { RunAccepted } from '@baton/contracts';
import { Body, Controller, Headers, HttpCode, Inject, Post } from '@nestjs/common';
import { type GatewayParts, PARTS } from '../parts/parts.js';
import { answerTask, taskGoesOn } from './answer-task.js';

/** Whoever was given the token of a task says what became of it. */
@Controller('v1/task-tokens')
export class TaskTokensController {
  constructor(@Inject(PARTS) private readonly parts: GatewayParts) {}

  @Post('success')
  @HttpCode(202)
  succeed(@Body() body: unknown, @Headers('idempotency-key') key: string | undefined): Promise<RunAccepted> {
    return answerTask(this.parts, 'success', body, key);
  }

  @Post('failure')
  @HttpCode(202)
  fail(@Body() body: unknown, @Headers('idempotency-key') key: string | undefined): Promise<RunAccepted> {
    return answerTask(this.parts, 'failure', body, key);
  }

  @Post('heartbeat')
  @HttpCode(204)
  async beat(@Body() body: unknown): Promise<void> {
    await taskGoesOn(this.parts, body);
  }
}
