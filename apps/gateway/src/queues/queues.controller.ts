import { type DeadLetterList, DeadLetterView, type QueueList } from '@baton/contracts';
import { capLoads, listDeadLetters, modelLoads } from '@baton/event-store';
import { Controller, Get, Headers, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { nextOf } from '../http/cursors.js';
import { parseParameters } from '../http/parse.js';
import { DeadLetterListQuery } from '../http/queries.js';
import { once } from '../once/once.js';
import { type GatewayParts, PARTS } from '../parts/parts.js';
import { queueCounts } from './queue-counts.js';
import { prepareRequeue } from './requeue-letter.js';

const MOST_CAPS = 100;

@Controller('v1')
export class QueuesController {
  constructor(@Inject(PARTS) private readonly parts: GatewayParts) {}

  /** How much waits in each queue, and what waits for a place or for its turn to ask a model: intake, results, also of each lane that has any, and the workers that the known workflows ask for. */
  @Get('queues')
  async queues(): Promise<QueueList> {
    const [queues, caps, models] = await Promise.all([
      queueCounts(this.parts),
      capLoads(this.parts.pool, MOST_CAPS),
      modelLoads(this.parts.pool),
    ]);
    return { queues: [...queues], caps: [...caps], models: [...models] };
  }

  /**
   * Has every command that is under way sent to the queues again. Harmless where the queues hold it already: a job's id comes
   * from its command.
   */
  @Post('queues/rebuild')
  @HttpCode(202)
  async rebuild(): Promise<{ readonly status: 'accepted' }> {
    await this.parts.queues.distrust(this.parts.newId());
    return { status: 'accepted' };
  }

  /** Messages that could not be taken, newest first: those that were not taken up again, where no other status is asked for. */
  @Get('dead-letters')
  async deadLetters(@Query() query: unknown): Promise<DeadLetterList> {
    const { cursor, limit, status } = parseParameters(DeadLetterListQuery, query);
    const before = cursor === undefined ? {} : { before: cursor };
    const letters = await listDeadLetters(this.parts.pool, { limit: limit + 1, status, ...before });
    const deadLetters = letters.slice(0, limit);
    const last = deadLetters.at(-1);
    return { deadLetters, next: nextOf('dead-letters', letters.length > limit ? (last?.id ?? null) : null) };
  }

  /** Has a message taken up again: the letter stays, and says who asked for that. */
  @Post('dead-letters/:id/requeue')
  @HttpCode(202)
  requeue(@Param('id') id: string, @Headers('idempotency-key') key: string | undefined): Promise<DeadLetterView> {
    const request = { key, route: `POST /v1/dead-letters/${id}/requeue`, asked: {}, answer: DeadLetterView };
    return once(this.parts, request, () => prepareRequeue(this.parts, id));
  }
}
