import type { UsageReport } from '@baton/contracts';
import { sumUsage, TooMuchToAdd, UnknownTimeZone } from '@baton/read-model';
import { Controller, Get, Inject, Query } from '@nestjs/common';
import { runScopeOf } from '../auth/caller.js';
import { parseParameters } from '../http/parse.js';
import { ProblemError } from '../http/problem.js';
import { type GatewayParts, PARTS } from '../parts/parts.js';
import { UsageQuery } from './usage-query.js';

/** What runs used, added up: of those that whoever asks finds in the list of runs. */
@Controller('v1/usage')
export class UsageController {
  constructor(@Inject(PARTS) private readonly parts: GatewayParts) {}

  @Get()
  async sum(@Query() query: unknown): Promise<UsageReport> {
    const { by, timeZone, workflow, since, until } = parseParameters(UsageQuery, query);
    const { pool, caller } = this.parts;
    const scope = runScopeOf(caller());
    const sums = await sumUsage(pool, by, { workflow, since, until, scope }, timeZone).catch(refuse);
    return { by, since: since ?? null, until: until ?? null, timeZone, ...sums };
  }
}

function refuse(thrown: unknown): never {
  if (thrown instanceof TooMuchToAdd) {
    const next = thrown.next ?? 'Ask for less.';
    throw new ProblemError(thrown.message, { status: 503, code: thrown.code, next, cause: thrown });
  }
  if (!(thrown instanceof UnknownTimeZone)) throw thrown;
  throw new ProblemError(thrown.message, {
    status: 400,
    code: 'invalid-parameter',
    next: thrown.next ?? 'Take UTC.',
    errors: [{ pointer: 'timeZone', detail: 'is not known to the database' }],
    cause: thrown,
  });
}
