import { type DynamicModule, Module } from '@nestjs/common';
import { AuditController } from './audit/audit.controller.js';
import { EventsController } from './events/events.controller.js';
import { HealthController } from './health/health.controller.js';
import { type GatewayParts, PARTS } from './parts.js';
import { QueuesController } from './queues/queues.controller.js';
import { RunsController } from './runs/runs.controller.js';
import { SchemasController } from './schemas/schemas.controller.js';
import { WorkflowsController } from './workflows/workflows.controller.js';

@Module({
  controllers: [
    RunsController,
    EventsController,
    WorkflowsController,
    AuditController,
    QueuesController,
    SchemasController,
    HealthController,
  ],
})
class GatewayModule {}

export const gatewayModule = (parts: GatewayParts): DynamicModule => ({
  module: GatewayModule,
  providers: [{ provide: PARTS, useValue: parts }],
});
