import type { RunAccepted } from '@baton/contracts';
import { Body, Controller, Headers, HttpCode, Inject, Param, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { type GatewayParts, PARTS } from '../parts/parts.js';
import { forkRun } from './fork-run.js';
import { rateRun } from './rate-run.js';
import { STEERINGS, type Steering, steerRun } from './steer-run.js';

type Reply = FastifyReply;
const KEY = 'idempotency-key';
const PASS = { passthrough: true };

/** The requests that change a run. All of them answer 202: they are stored, and the hub carries them out. */
@Controller('v1/runs/:id')
export class SteeringController {
  constructor(@Inject(PARTS) private readonly parts: GatewayParts) {}

  @Post('cancel')
  @HttpCode(202)
  cancel(
    @Param('id') id: string,
    @Body() body: unknown,
    @Headers(KEY) key: string | undefined,
    @Res(PASS) reply: Reply,
  ) {
    return this.#steer(STEERINGS.cancel, id, body, key, reply);
  }

  @Post('pause')
  @HttpCode(202)
  pause(
    @Param('id') id: string,
    @Body() body: unknown,
    @Headers(KEY) key: string | undefined,
    @Res(PASS) reply: Reply,
  ) {
    return this.#steer(STEERINGS.pause, id, body, key, reply);
  }

  @Post('resume')
  @HttpCode(202)
  resume(
    @Param('id') id: string,
    @Body() body: unknown,
    @Headers(KEY) key: string | undefined,
    @Res(PASS) reply: Reply,
  ) {
    return this.#steer(STEERINGS.resume, id, body, key, reply);
  }

  @Post('retry')
  @HttpCode(202)
  retry(
    @Param('id') id: string,
    @Body() body: unknown,
    @Headers(KEY) key: string | undefined,
    @Res(PASS) reply: Reply,
  ) {
    return this.#steer(STEERINGS.retry, id, body, key, reply);
  }

  @Post('signals')
  @HttpCode(202)
  signal(
    @Param('id') id: string,
    @Body() body: unknown,
    @Headers(KEY) key: string | undefined,
    @Res(PASS) reply: Reply,
  ) {
    return this.#steer(STEERINGS.signal, id, body, key, reply);
  }

  @Post('fork')
  @HttpCode(202)
  async fork(
    @Param('id') id: string,
    @Body() body: unknown,
    @Headers(KEY) key: string | undefined,
    @Res(PASS) reply: Reply,
  ): Promise<RunAccepted> {
    return located(await forkRun(this.parts, id, body, key), reply);
  }

  @Post('ratings')
  @HttpCode(202)
  async rate(
    @Param('id') id: string,
    @Body() body: unknown,
    @Headers(KEY) key: string | undefined,
    @Res(PASS) reply: Reply,
  ): Promise<RunAccepted> {
    return located(await rateRun(this.parts, id, body, key), reply);
  }

  async #steer(steering: Steering, id: string, body: unknown, key: string | undefined, reply: Reply) {
    return located(await steerRun(this.parts, steering, id, body, key), reply);
  }
}

function located(accepted: RunAccepted, reply: Reply): RunAccepted {
  reply.header('location', `/v1/runs/${accepted.runId}`);
  return accepted;
}
