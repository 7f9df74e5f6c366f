import {
  CreateWebhookBody,
  WebhookCreated,
  WebhookDelivery,
  type WebhookDeliveryList,
  type WebhookList,
  type WebhookTest,
  type WebhookView,
} from '@baton/contracts';
import { listDeliveries, listWebhooks, removeWebhook, sendAgain, TIMEOUT_MS, testWebhook } from '@baton/notifications';
import { Body, Controller, Delete, Get, Headers, HttpCode, Inject, Param, Post, Query, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { nextOf } from '../http/cursors.js';
import { parseBody, parseParameters } from '../http/parse.js';
import { ProblemError } from '../http/problem.js';
import { DeliveryListQuery } from '../http/queries.js';
import { once } from '../once/once.js';
import { type GatewayParts, PARTS } from '../parts/parts.js';
import { prepareWebhook } from './create-webhook.js';
import { requireDelivery, requireWebhook, webhookNotFound } from './find-webhook.js';

/** Who is told of what happens. The orchestrators send; here it is set and looked at. */
@Controller('v1/webhooks')
export class WebhooksController {
  constructor(@Inject(PARTS) private readonly parts: GatewayParts) {}

  @Post()
  @HttpCode(201)
  async create(
    @Body() body: unknown,
    @Headers('idempotency-key') key: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<WebhookCreated> {
    const asked = parseBody(CreateWebhookBody, body);
    const request = { key, route: 'POST /v1/webhooks', asked, answer: WebhookCreated };
    const created = await once(this.parts, request, () => prepareWebhook(this.parts, asked));
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
  retry(
    @Param('id') id: string,
    @Param('deliveryId') address: string,
    @Headers('idempotency-key') key: string | undefined,
  ): Promise<WebhookDelivery> {
    const { pool } = this.parts;
    const route = `POST /v1/webhooks/${id}/deliveries/${address}/retry`;
    return once(this.parts, { key, route, asked: {}, answer: WebhookDelivery }, async () => {
      const { webhookId, disabledReason } = await requireWebhook(pool, id);
      const { deliveryId } = await requireDelivery(pool, webhookId, address);
      if (disabledReason !== null) {
        throw new ProblemError(`Nothing is sent to webhook ${webhookId} any more: ${disabledReason}`, {
          status: 409,
          code: 'webhook-disabled',
          next: 'Remove it, and set it again with the URL that is right today.',
        });
      }
      return async (connection) => {
        await sendAgain(connection, webhookId, deliveryId);
        return requireDelivery(connection, webhookId, deliveryId);
      };
    });
  }
}
