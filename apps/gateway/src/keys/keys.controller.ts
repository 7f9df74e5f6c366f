import {
  ApiKeyCreated,
  type ApiKeyList,
  ApiKeyRotated,
  CreateApiKey,
  RotateApiKey,
  type WhoAmI,
} from '@baton/contracts';
import {
  type KeyChange,
  LOCAL_ADMIN,
  listApiKeys,
  ownerOfNewKey,
  revokeApiKey,
  rotateApiKey,
  type StoredApiKey,
  statusOf,
  storeApiKey,
} from '@baton/event-store';
import { Body, Controller, Delete, Get, Headers, HttpCode, Inject, Param, Post } from '@nestjs/common';
import type { Caller } from '../auth/caller.js';
import { newKey } from '../auth/key-format.js';
import { whoAmI } from '../auth/who-am-i.js';
import { parseBody } from '../http/parse.js';
import { ProblemError } from '../http/problem.js';
import { once } from '../once/once.js';
import { type GatewayParts, PARTS } from '../parts/parts.js';

/** Keys of the API, each with a name and roles. Only hashes are kept. */
@Controller('v1/auth')
export class KeysController {
  constructor(@Inject(PARTS) private readonly parts: GatewayParts) {}

  /** Who the caller is taken for, and until when. */
  @Get('me')
  me(): WhoAmI {
    return whoAmI(this.parts.caller());
  }

  @Post('keys')
  @HttpCode(201)
  create(
    @Body() body: unknown,
    @Headers('idempotency-key') idempotencyKey: string | undefined,
  ): Promise<ApiKeyCreated> {
    const asked = parseBody(CreateApiKey, body);
    const { name, roles, scope = null, for: user, expiresInSeconds = null } = asked;
    if (name === LOCAL_ADMIN) throw reserved();
    const request = { key: idempotencyKey, route: 'POST /v1/auth/keys', asked, answer: ApiKeyCreated };
    return once(this.parts, request, async () => {
      const { key, ...mark } = newKey();
      const made = {
        name,
        roles: [...new Set(roles)],
        scope,
        person: user === undefined ? ownerOfNewKey(this.parts.caller().actor) : `user:${user}`,
      };
      const change = this.#change();
      return async (connection) => {
        const stored = await storeApiKey(connection, { ...made, ...mark, expiresInSeconds }, change);
        if (stored !== null) return { ...made, ...stored, key };
        throw taken(name);
      };
    });
  }

  @Get('keys')
  async list(): Promise<ApiKeyList> {
    return { keys: (await listApiKeys(this.parts.pool)).map(toView) };
  }

  /** The key of before goes on for the overlap. Whoever has a key may rotate it; anybody else's only an admin. */
  @Post('keys/:name/rotate')
  @HttpCode(201)
  rotate(
    @Param('name') name: string,
    @Body() body: unknown,
    @Headers('idempotency-key') idempotencyKey: string | undefined,
  ): Promise<ApiKeyRotated> {
    const asked = parseBody(RotateApiKey, body ?? {});
    const { overlapSeconds, expiresInSeconds = null } = asked;
    const route = `POST /v1/auth/keys/${name}/rotate`;
    return once(this.parts, { key: idempotencyKey, route, asked, answer: ApiKeyRotated }, async () => {
      refuseUnlessOwn(this.parts.caller(), name);
      if (!NAME.test(name)) throw unknownKey(name);
      const { key, ...mark } = newKey();
      const change = this.#change();
      return async (connection) => {
        const rotated = await rotateApiKey(connection, { name, ...mark, overlapSeconds, expiresInSeconds }, change);
        if (rotated === null) throw unknownKey(name);
        return { ...rotated, roles: [...rotated.roles], key };
      };
    });
  }

  /** From the next request on the key is nobody's, and streams that it opened end. What was done with it stays as it was. */
  @Delete('keys/:name')
  @HttpCode(204)
  async revoke(@Param('name') name: string): Promise<void> {
    if (!NAME.test(name) || !(await revokeApiKey(this.parts.pool, name, this.#change()))) throw unknownKey(name);
  }

  #change(): KeyChange {
    const { actor: by, address } = this.parts.caller();
    return { by, address };
  }
}

const NAME = /^[a-z0-9._-]{1,63}$/;

const toView = (stored: StoredApiKey): ApiKeyList['keys'][number] => {
  const { keyId: _, isExpired: __, roles, ...key } = stored;
  return { ...key, roles: [...roles], status: statusOf(stored) };
};

/** A key that was replaced makes no successor of its own: whoever found an old one must not become its owner. */
function refuseUnlessOwn({ actor, roles, scopes, credential }: Caller, name: string): void {
  const isOwn = credential.type === 'key' && actor.id === name;
  if (roles.includes('admin') && scopes === null && !(isOwn && credential.isReplaced)) return;
  if (isOwn && !credential.isReplaced) return;
  const why = isOwn
    ? `The key ${name} was replaced by another already, which alone can be rotated.`
    : `The key of somebody else, ${name.slice(0, 63)}, only an admin rotates.`;
  throw new ProblemError(why, {
    status: 403,
    code: 'forbidden',
    next: isOwn ? 'Use the newer key.' : 'Rotate your own key, or ask an admin.',
  });
}

const taken = (name: string): ProblemError =>
  new ProblemError(`There is a key named ${name} already.`, {
    status: 409,
    code: 'key-exists',
    next: `Choose another name; or give it a new secret with baton auth key rotate ${name}, or revoke it first: baton auth key revoke ${name}.`,
    errors: [{ pointer: '/name', detail: 'is taken' }],
  });

const unknownKey = (name: string): ProblemError =>
  new ProblemError(`There is no key named ${name.slice(0, 63)}.`, {
    status: 404,
    code: 'key-not-found',
    next: 'GET /v1/auth/keys lists the keys; the one of `baton up` is changed with BATON_TOKEN.',
  });

/** The name under which the token of the stack itself acts: it is on no list, and nobody else can have it. */
const reserved = (): ProblemError =>
  new ProblemError(`The name ${LOCAL_ADMIN} belongs to the stack's own token (BATON_TOKEN), so no key can have it.`, {
    status: 409,
    code: 'key-reserved',
    next: 'Choose another name.',
    errors: [{ pointer: '/name', detail: 'is taken' }],
  });
