import {
  laneResultsQueues,
  resultsQueue,
  resultsQueues,
  type TaskFailed,
  type TaskHeartbeat,
  type TaskSucceeded,
  type WorkerAnnouncement,
} from '@baton/contracts';
import { announceWorker, getBlob, noteRefused, noteRefusedResult } from '@baton/event-store';
import type { Delivery } from '@baton/messaging';
import { message } from '@baton/queue-service';
import { Controller, Inject } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import type { Pool } from 'pg';
import type { Hub } from '../hub/hub.js';
import type { HubMessage } from '../hub/message.js';
import { HUB, POOL } from '../tokens.js';
import { failure, refuseUnproven, success } from './results.js';
import { SignsOfLife } from './signs-of-life.js';

const onEveryPartition = (name: string) =>
  [...laneResultsQueues(), ...resultsQueues()].map((queue) => message(queue, name));

/** A result that was in the hands of a process when that ended. */
const suspected = (told: HubMessage, { jobId, stalls }: Delivery): HubMessage =>
  stalls > 0 ? { ...told, suspectAs: `result ${jobId}` } : told;

@Controller()
export class ResultsController {
  readonly #signs: SignsOfLife;

  constructor(
    @Inject(HUB) private readonly hub: Hub,
    @Inject(POOL) private readonly pool: Pool,
  ) {
    this.#signs = new SignsOfLife(pool, hub.nonceOf);
  }

  @EventPattern(onEveryPartition('succeeded'))
  async succeeded(@Payload() result: TaskSucceeded, @Ctx() delivery: Delivery): Promise<void> {
    refuseUnproven(result, delivery, this.hub.nonceOf);
    await this.#tell(await success(result, (ref) => getBlob(this.pool, ref)), result, delivery);
  }

  @EventPattern(onEveryPartition('failed'))
  async failed(@Payload() result: TaskFailed, @Ctx() delivery: Delivery): Promise<void> {
    refuseUnproven(result, delivery, this.hub.nonceOf);
    await this.#tell(failure(result), result, delivery);
  }

  @EventPattern(onEveryPartition('heartbeat'))
  async heartbeat(@Payload() heartbeat: TaskHeartbeat, @Ctx() { name, jobId }: Delivery): Promise<void> {
    const reason = await this.#signs.take(heartbeat);
    if (reason === null) return;
    const { id, runId, commandId, dispatchNo } = heartbeat;
    const message = { id, runId, commandId, dispatchNo, jobId };
    await noteRefused(this.pool, { source: resultsQueue(runId), name, reason, message });
  }

  /** Of a worker that has only the queues; one with the database announces itself there. */
  @EventPattern(onEveryPartition('worker'))
  async worker(@Payload() announcement: WorkerAnnouncement): Promise<void> {
    await announceWorker(this.pool, announcement);
  }

  /** What changes nothing is noted, so that somebody can see that a worker works in vain. */
  async #tell(told: HubMessage, result: TaskSucceeded | TaskFailed, delivery: Delivery): Promise<void> {
    const outcome = await this.hub.handle(suspected(told, delivery));
    if (outcome !== 'ignored') return;
    const { id, runId, commandId, dispatchNo } = result;
    const about = { id, runId, commandId, dispatchNo, jobId: delivery.jobId };
    await noteRefusedResult(this.pool, { ...about, source: resultsQueue(runId), name: delivery.name });
  }
}
