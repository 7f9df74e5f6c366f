import { type AnomalyList, BatonError } from '@baton/contracts';
import { type AnomalyPage, listAnomalies } from '@baton/read-model';
import { Controller, Get, Inject, Query } from '@nestjs/common';
import { runScopeOf } from '../auth/caller.js';
import { parseParameters } from '../http/parse.js';
import { ProblemError } from '../http/problem.js';
import { type GatewayParts, PARTS } from '../parts/parts.js';
import { requireRunId } from '../runs/find-run.js';
import { AnomalyQuery } from './expectation-queries.js';

/** What of runs was unlike the runs before them: of those that whoever asks finds in the list of runs. */
@Controller('v1/anomalies')
export class AnomaliesController {
  constructor(@Inject(PARTS) private readonly parts: GatewayParts) {}

  @Get()
  async list(@Query() query: unknown): Promise<AnomalyList> {
    const { run, limit, cursor, ...filter } = parseParameters(AnomalyQuery, query);
    const runId = run === undefined ? undefined : await requireRunId(this.parts, run);
    const scope = runScopeOf(this.parts.caller());
    return listAnomalies(this.parts.pool, { ...filter, runId, scope }, limit, cursor).catch(refuseCursor);
  }
}

function refuseCursor(thrown: unknown): AnomalyPage {
  if (!(thrown instanceof BatonError) || thrown.code !== 'invalid-cursor') throw thrown;
  throw new ProblemError(thrown.message, {
    status: 400,
    code: 'invalid-parameter',
    next: thrown.next ?? 'Leave the cursor out.',
    errors: [{ pointer: 'cursor', detail: 'is not one that a list of anomalies gave' }],
  });
}
