import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateRuleBody,
  type MessageList,
  NotificationMessage,
  type RuleList,
  RuleName,
  RuleView,
} from '@baton/contracts';
import {
  findMessage,
  listMessages,
  listRules,
  messageOfNotice,
  removeRule,
  ruleView,
  sendMessageAgain,
  storeTestNotice,
} from '@baton/notifications';
import { Body, Controller, Delete, Get, Headers, HttpCode, Inject, Param, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { parseBody, parseParameters } from '../http/parse.js';
import { once } from '../once/once.js';
import { type GatewayParts, PARTS } from '../parts/parts.js';
import { prepareRule } from './create-rule.js';
import { messageNotFound, requireRule } from './find-rule.js';

const Address = z.strictObject({ name: RuleName });
const nameOf = (address: string): string => parseParameters(Address, { name: address }).name;
const MESSAGES = 100;
const TEST_PATIENCE_MS = 12_000;
const LOOK_EVERY_MS = 200;

/** Who among people is told of what. The orchestrators tell them; here it is said and looked at. */
@Controller('v1/notification-rules')
export class RulesController {
  constructor(@Inject(PARTS) private readonly parts: GatewayParts) {}

  @Post()
  @HttpCode(201)
  async create(
    @Body() body: unknown,
    @Headers('idempotency-key') key: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<RuleView> {
    const asked = parseBody(CreateRuleBody, body);
    const request = { key, route: 'POST /v1/notification-rules', asked, answer: RuleView };
    const created = await once(this.parts, request, () => prepareRule(this.parts, asked));
    reply.header('location', `/v1/notification-rules/${created.name}`);
    return created;
  }

  @Get()
  async list(): Promise<RuleList> {
    const { rules, unreadable } = await listRules(this.parts.pool);
    return { rules: rules.map(ruleView), unreadable: [...unreadable] };
  }

  @Get(':name')
  async get(@Param('name') address: string): Promise<RuleView> {
    return ruleView(await requireRule(this.parts.pool, nameOf(address)));
  }

  @Delete(':name')
  @HttpCode(204)
  async remove(@Param('name') address: string): Promise<void> {
    const { ruleId } = await requireRule(this.parts.pool, nameOf(address));
    // Somebody else may have been faster.
    await removeRule(this.parts.pool, ruleId);
  }

  @Get(':name/messages')
  async messages(@Param('name') address: string): Promise<MessageList> {
    const { ruleId } = await requireRule(this.parts.pool, nameOf(address));
    return { messages: [...(await listMessages(this.parts.pool, ruleId, MESSAGES))] };
  }

  @Post(':name/test')
  @HttpCode(200)
  async test(@Param('name') address: string): Promise<NotificationMessage> {
    const { pool, nowMs } = this.parts;
    const { ruleId } = await requireRule(pool, nameOf(address));
    const noticeId = await storeTestNotice(pool, ruleId);
    const asked = new Date(nowMs()).toISOString();
    const end = performance.now() + TEST_PATIENCE_MS;
    for (;;) {
      const message = await messageOfNotice(pool, ruleId, noticeId);
      if (message !== null && (message.status !== 'pending' || message.attempts > 0)) return message;
      if (performance.now() > end) return message ?? notTaken(ruleId, asked);
      await sleep(LOOK_EVERY_MS);
    }
  }

  @Post(':name/messages/:messageId/retry')
  @HttpCode(202)
  retry(
    @Param('name') address: string,
    @Param('messageId') id: string,
    @Headers('idempotency-key') key: string | undefined,
  ): Promise<NotificationMessage> {
    const { pool } = this.parts;
    const route = `POST /v1/notification-rules/${address}/messages/${id}/retry`;
    return once(this.parts, { key, route, asked: {}, answer: NotificationMessage }, async () => {
      const { ruleId, name } = await requireRule(pool, nameOf(address));
      const messageId = z.uuid().safeParse(id);
      if (!messageId.success) throw messageNotFound(name, id);
      return async (connection) => {
        await sendMessageAgain(connection, ruleId, messageId.data);
        const message = await findMessage(connection, ruleId, messageId.data);
        if (message === null) throw messageNotFound(name, id);
        return message;
      };
    });
  }
}

/** No orchestrator looked: there is no message yet. */
const notTaken = (ruleId: string, createdAt: string): NotificationMessage => ({
  messageId: ruleId,
  status: 'pending',
  types: ['notification.test'],
  runIds: [],
  createdAt,
  attempts: 0,
  nextAttemptAt: createdAt,
  error: 'no orchestrator has taken it yet',
});
