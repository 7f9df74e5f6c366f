import type { WorkerList } from '@baton/contracts';
import { listWorkers } from '@baton/read-model';
import { Controller, Get, Inject } from '@nestjs/common';
import { type GatewayParts, PARTS } from '../parts/parts.js';

@Controller('v1/workers')
export class WorkersController {
  constructor(@Inject(PARTS) private readonly parts: GatewayParts) {}

  /** Who works: as the workers say themselves. */
  @Get()
  async list(): Promise<WorkerList> {
    return { workers: [...(await listWorkers(this.parts.pool))] };
  }
}
