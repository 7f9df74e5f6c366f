import { WorkerId, type WorkerList, type WorkerView } from '@baton/contracts';
import { drainWorker } from '@baton/event-store';
import { listWorkers } from '@baton/read-model';
import { Controller, Delete, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { ProblemError } from '../http/problem.js';
import { type GatewayParts, PARTS } from '../parts/parts.js';

@Controller('v1/workers')
export class WorkersController {
  constructor(@Inject(PARTS) private readonly parts: GatewayParts) {}

  /** Who works: as the workers say themselves. */
  @Get()
  async list(): Promise<WorkerList> {
    return { workers: [...(await listWorkers(this.parts.pool))] };
  }

  /** Asks a worker to take no more tasks. It ends those that it has, stays, and takes some again where that is taken back. */
  @Post(':id/drain')
  @HttpCode(202)
  drain(@Param('id') id: string): Promise<WorkerView> {
    return this.#ask(id, true);
  }

  @Delete(':id/drain')
  undrain(@Param('id') id: string): Promise<WorkerView> {
    return this.#ask(id, false);
  }

  async #ask(id: string, isWanted: boolean): Promise<WorkerView> {
    const { pool, caller } = this.parts;
    const workerId = WorkerId.safeParse(id);
    const isThere = workerId.success && (await drainWorker(pool, workerId.data, { by: caller().actor, isWanted }));
    const worker = isThere ? (await listWorkers(pool)).find((each) => each.workerId === workerId.data) : undefined;
    if (worker !== undefined) return worker;
    throw new ProblemError(`There is no worker ${id.slice(0, 64)}, or it has stopped.`, {
      status: 404,
      code: 'worker-not-found',
      next: 'GET /v1/workers lists them.',
    });
  }
}
