import { randomBytes } from 'node:crypto';
import { type ApiKeyCreated, type ApiKeyList, CreateApiKey } from '@baton/contracts';
import { listApiKeys, revokeApiKey, storeApiKey } from '@baton/event-store';
import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post } from '@nestjs/common';
import { LOCAL_ADMIN, sha256Of } from '../auth/caller.js';
import { parseBody } from '../http/parse.js';
import { ProblemError } from '../http/problem.js';
import { type GatewayParts, PARTS } from '../parts/parts.js';

/** Keys of the API, each with a name and roles. Only hashes are kept. */
@Controller('v1/auth/keys')
export class KeysController {
  constructor(@Inject(PARTS) private readonly parts: GatewayParts) {}

  @Post()
  @HttpCode(201)
  async create(@Body() body: unknown): Promise<ApiKeyCreated> {
    const { pool, caller } = this.parts;
    const { name, roles } = parseBody(CreateApiKey, body);
    const key = `baton_${randomBytes(32).toString('base64url')}`;
    const unique = [...new Set(roles)];
    const createdBy = caller().actor;
    if (name === LOCAL_ADMIN) throw reserved();
    const isStored = await storeApiKey(pool, { name, roles: unique, sha256: sha256Of(key), createdBy });
    if (isStored) return { name, roles: unique, key };
    throw new ProblemError(`There is a key named ${name} already.`, {
      status: 409,
      code: 'key-exists',
      next: `Choose another name, or revoke it first: baton auth key revoke ${name}.`,
      errors: [{ pointer: '/name', detail: 'is taken' }],
    });
  }

  @Get()
  async list(): Promise<ApiKeyList> {
    const keys = await listApiKeys(this.parts.pool);
    return { keys: keys.map((key) => ({ ...key, roles: [...key.roles] })) };
  }

  /** From the next request on the key is nobody's. What was done with it stays as it was. */
  @Delete(':name')
  @HttpCode(204)
  async revoke(@Param('name') name: string): Promise<void> {
    if (/^[a-z0-9._-]{1,63}$/.test(name) && (await revokeApiKey(this.parts.pool, name))) return;
    throw new ProblemError(`There is no key named ${name.slice(0, 63)}.`, {
      status: 404,
      code: 'key-not-found',
      next: 'GET /v1/auth/keys lists the keys; the one of `baton up` is changed with BATON_TOKEN.',
    });
  }
}

/** The name under which the token of the stack itself acts: it is on no list, and nobody else can have it. */
const reserved = (): ProblemError =>
  new ProblemError(`The name ${LOCAL_ADMIN} belongs to the stack's own token (BATON_TOKEN), so no key can have it.`, {
    status: 409,
    code: 'key-reserved',
    next: 'Choose another name.',
    errors: [{ pointer: '/name', detail: 'is taken' }],
  });
