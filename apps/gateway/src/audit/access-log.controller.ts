import type { AccessLog, AccessLogCheck } from '@baton/contracts';
import { readAccessLog, verifyAccessLog } from '@baton/event-store';
import { Controller, Get, Inject, Query } from '@nestjs/common';
import { nextOf } from '../http/cursors.js';
import { parseParameters } from '../http/parse.js';
import { AccessLogQuery } from '../http/queries.js';
import { type GatewayParts, PARTS } from '../parts/parts.js';
import { checkAccessLog } from './access-anchors.js';
import { publishedKeys } from './published-checkpoints.js';

/** Who was refused, and who asked for something of Baton itself. */
@Controller('v1/auth/log')
export class AccessLogController {
  constructor(@Inject(PARTS) private readonly parts: GatewayParts) {}

  @Get()
  async list(@Query() query: unknown): Promise<AccessLog> {
    const { kind, actor, limit, cursor } = parseParameters(AccessLogQuery, query);
    const found = await readAccessLog(this.parts.pool, { kind, actor }, limit + 1, cursor);
    const entries = found.slice(0, limit);
    return {
      entries: entries.map((entry) => ({ ...entry })),
      next: nextOf('access', found.length > limit ? (entries.at(-1)?.position ?? null) : null),
    };
  }

  /** Every entry is hashed anew, and held against what was published. */
  @Get('verify')
  async verify(): Promise<AccessLogCheck> {
    const { audit } = this.parts;
    const keys = await publishedKeys(audit);
    if (typeof keys !== 'string') return checkAccessLog(audit, keys);
    return { ...(await verifyAccessLog(audit.pool, [])), verified: false, signed: 0, problem: keys };
  }
}
