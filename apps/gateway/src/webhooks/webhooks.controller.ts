import type {
  WebhookCreated,
  WebhookDelivery,
  WebhookDeliveryList,
  WebhookList,
  WebhookTest,
  WebhookView,
} from '@baton/contracts';
import { listDeliveries, listWebhooks, removeWebhook, sendAgain, TIMEOUT_MS, testWebhook } from '@baton/notifications';
import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { nextOf } from '../http/cursors.js';
import { parseParameters } from '../http/parse.js';
import { ProblemError } from '../http/problem.js';
import { DeliveryListQuery } from '../http/queries.js';
import { type GatewayParts, PARTS } from '../parts/parts.js';
import { createWebhook } from './create-webhook.js';
import { requireDelivery, requireWebhook, webhookNotFound } from './find-webhook.js';

/** Who is told of what happens. The orchestrators send; here it is set and looked at. */
@Controller('v1/webhooks')
export class WebhooksController {
  constructor(@Inject(PARTS) private readonly parts: GatewayParts) {}

  @Post()
  @HttpCode(201)
  async create(@Body() body: unknown, @Res({ passthrough: true }) reply: FastifyReply): Promise<WebhookCreated> {
    const created = await createWebhook(this.parts, body);
    reply.header('location', `/v1/webhooks/${created.webhookId}`);
    return created;
  }

  @Get()
  async list(): Promise<WebhookList> {
    return { webhooks: [...(await listWebhooks(this.parts.pool))] };
  }

  @Get(':id')
  get(@Param('id') id: string): Promise<WebhookView> {
    return requireWebhook(this.parts.pool, id);
  }

  @Delete(':id')
  @HttpCode(204)
  async remove(@Param('id') id: string): Promise<void> {
    const { webhookId } = await requireWebhook(this.parts.pool, id);
    // Somebody else may have been faster.
    await removeWebhook(this.parts.pool, webhookId);
  }

  @Get(':id/deliveries')
  async deliveries(@Param('id') id: string, @Query() query: unknown): Promise<WebhookDeliveryList> {
    const { limit, cursor } = parseParameters(DeliveryListQuery, query);
    const { webhookId } = await requireWebhook(this.parts.pool, id);
    const { deliveries, next } = await listDeliveries(this.parts.pool, webhookId, limit, cursor ?? null);
    return { deliveries: [...deliveries], next: nextOf('deliveries', next) };
  }

  @Post(':id/test')
  @HttpCode(200)
  async test(@Param('id') id: string): Promise<WebhookTest> {
    const { pool, nowMs, webhookTargets } = this.parts;
    const { webhookId } = await requireWebhook(pool, id);
    const ports = { pool, nowMs, ...webhookTargets, timeoutMs: TIMEOUT_MS, monotonicMs: () => performance.now() };
    const tested = await testWebhook(ports, webhookId);
    if (tested === null) throw webhookNotFound(id);
    return tested;
  }

  @Post(':id/deliveries/:deliveryId/retry')
  @HttpCode(202)
  async retry(@Param('id') id: string, @Param('deliveryId') deliveryId: string): Promise<WebhookDelivery> {
    const { pool } = this.parts;
    const { webhookId, disabledReason } = await requireWebhook(pool, id);
    const delivery = await requireDelivery(pool, webhookId, deliveryId);
    if (disabledReason !== null) {
      throw new ProblemError(`Nothing is sent to webhook ${webhookId} any more: ${disabledReason}`, {
        status: 409,
        code: 'webhook-disabled',
        next: 'Remove it, and set it again with the URL that is right today.',
      });
    }
    await sendAgain(pool, webhookId, delivery.deliveryId);
    return requireDelivery(pool, webhookId, delivery.deliveryId);
  }
}
