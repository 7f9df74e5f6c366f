import { type DynamicModule, Module } from '@nestjs/common';
import { ApprovalsController } from './approvals/approvals.controller.js';
import { ArchiveController } from './archive/archive.controller.js';
import { ArtifactsController } from './artifacts/artifacts.controller.js';
import { AccessLogController } from './audit/access-log.controller.js';
import { AuditController } from './audit/audit.controller.js';
import { ReplayController } from './audit/replay.controller.js';
import { DecisionsController } from './decisions/decisions.controller.js';
import { EventsController } from './events/events.controller.js';
import { LogController } from './events/log.controller.js';
import { AnomaliesController } from './expectations/anomalies.controller.js';
import { ExpectationsController } from './expectations/expectations.controller.js';
import { GoalsController } from './goals/goals.controller.js';
import { HealthController } from './health/health.controller.js';
import { MetricsController } from './health/metrics.controller.js';
import { HookDeliveriesController } from './hooks/hook-deliveries.controller.js';
import { HooksController } from './hooks/hooks.controller.js';
import { KeysController } from './keys/keys.controller.js';
import { LineagesController } from './lineages/lineages.controller.js';
import { McpController } from './mcp/mcp.controller.js';
import { RulesController } from './notification-rules/rules.controller.js';
import { OpenApiController } from './openapi/openapi.controller.js';
import { type GatewayParts, PARTS } from './parts/parts.js';
import { PersonalController } from './personal/personal.controller.js';
import { QueuesController } from './queues/queues.controller.js';
import { RecommendationsController } from './recommendations/recommendations.controller.js';
import { RunFilesController } from './runs/run-files.controller.js';
import { RunsController } from './runs/runs.controller.js';
import { SteeringController } from './runs/steering.controller.js';
import { SchedulesController } from './schedules/schedules.controller.js';
import { SchemasController } from './schemas/schemas.controller.js';
import { OidcController } from './sessions/oidc.controller.js';
import { SessionListController } from './sessions/session-list.controller.js';
import { SessionsController } from './sessions/sessions.controller.js';
import { TaskTokensController } from './task-tokens/task-tokens.controller.js';
import { TemplatesController } from './templates/templates.controller.js';
import { UsageController } from './usage/usage.controller.js';
import { WebhooksController } from './webhooks/webhooks.controller.js';
import { WorkersController } from './workers/workers.controller.js';
import { WorkflowsController } from './workflows/workflows.controller.js';
import { WorkspacesController } from './workspaces/workspaces.controller.js';

@Module({
  controllers: [
    RunsController,
    GoalsController,
    RunFilesController,
    ArtifactsController,
    ArchiveController,
    SteeringController,
    TaskTokensController,
    ApprovalsController,
    DecisionsController,
    RecommendationsController,
    UsageController,
    ExpectationsController,
    AnomaliesController,
    EventsController,
    LogController,
    WorkflowsController,
    WorkspacesController,
    LineagesController,
    SchedulesController,
    HooksController,
    HookDeliveriesController,
    WebhooksController,
    RulesController,
    WorkersController,
    TemplatesController,
    AuditController,
    ReplayController,
    QueuesController,
    SchemasController,
    OpenApiController,
    HealthController,
    MetricsController,
    McpController,
    KeysController,
    SessionsController,
    SessionListController,
    OidcController,
    AccessLogController,
    PersonalController,
  ],
})
class GatewayModule {}

export const gatewayModule = (parts: GatewayParts): DynamicModule => ({
  module: GatewayModule,
  providers: [{ provide: PARTS, useValue: parts }],
});
