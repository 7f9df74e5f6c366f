import { CreateHookBody, didYouMean, type HookList, HookName, HookView, personOf } from '@baton/contracts';
import { findHook, listHooks, removeHook } from '@baton/event-store';
import { Body, Controller, Delete, Get, Headers, HttpCode, Inject, Param, Post, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { parseBody, parseParameters } from '../http/parse.js';
import { ProblemError } from '../http/problem.js';
import { once } from '../once/once.js';
import { type GatewayParts, PARTS } from '../parts/parts.js';
import { prepareHook, viewOfHook } from './create-hook.js';

const Address = z.strictObject({ name: HookName });
const nameOf = (address: string): string => parseParameters(Address, { name: address }).name;

/** Addresses at which somebody outside starts runs: here they are made and looked at. */
@Controller('v1/hooks')
export class HooksController {
  constructor(@Inject(PARTS) private readonly parts: GatewayParts) {}

  @Post()
  @HttpCode(201)
  async create(
    @Body() body: unknown,
    @Headers('idempotency-key') key: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<HookView> {
    const asked = parseBody(CreateHookBody, body);
    const request = { key, route: 'POST /v1/hooks', asked, answer: HookView };
    const created = await once(this.parts, request, () => prepareHook(this.parts, asked));
    reply.header('location', `/hooks/${created.name}`);
    return created;
  }

  @Get()
  async list(): Promise<HookList> {
    return { hooks: (await listHooks(this.parts.pool)).map(viewOfHook) };
  }

  @Delete(':name')
  @HttpCode(204)
  async remove(@Param('name') address: string): Promise<void> {
    const { pool, caller } = this.parts;
    const name = nameOf(address);
    const hook = await findHook(pool, name);
    if (hook === null) {
      const names = (await listHooks(pool)).map((each) => each.name);
      throw new ProblemError(`There is no hook ${name}.${didYouMean(name, names)}`, {
        status: 404,
        code: 'hook-not-found',
        next: 'GET /v1/hooks lists the hooks there are.',
      });
    }
    const { actor, roles } = caller();
    const mayAll = roles.includes('operator') || roles.includes('admin');
    if (!mayAll && personOf(actor) !== personOf(hook.createdBy)) {
      throw new ProblemError(`The hook ${name} is not yours.`, {
        status: 403,
        code: 'forbidden',
        next: 'Ask whoever made it, or an operator.',
      });
    }
    await removeHook(pool, name);
  }
}
