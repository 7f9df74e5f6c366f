import type { CalibrationReport, RunExpectation, WorkflowExpectation } from '@baton/contracts';
import { calibrate, expectRun, expectSteps, expectWorkflow } from '@baton/read-model';
import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { runScopeOf } from '../auth/caller.js';
import { parseParameters } from '../http/parse.js';
import { type GatewayParts, PARTS } from '../parts/parts.js';
import { requireRun } from '../runs/find-run.js';
import { CalibrationQuery, ExpectationQuery } from './expectation-queries.js';

/**
 * What runs are expected to take, from the runs that whoever asks finds in the list of runs; and how good that was, for those who
 * find all there.
 */
@Controller('v1/foresight')
export class ExpectationsController {
  constructor(@Inject(PARTS) private readonly parts: GatewayParts) {}

  @Get('expectations')
  async ofWorkflow(@Query() query: unknown): Promise<WorkflowExpectation> {
    const { workflow, inputBytes = null, ...asked } = parseParameters(ExpectationQuery, query);
    const { pool, caller, catalog } = this.parts;
    const version = asked.version ?? (await catalog.newestVersion(workflow));
    const scope = runScopeOf(caller());
    const expectation = await expectWorkflow(pool, { workflow, version, inputBytes }, scope);
    return { workflow, version, inputBytes, expectation, steps: await expectSteps(pool, workflow, scope) };
  }

  @Get('expectations/:id')
  async ofRun(@Param('id') id: string): Promise<RunExpectation> {
    const { pool, nowMs, caller } = this.parts;
    return expectRun(pool, await requireRun(this.parts, id), nowMs(), runScopeOf(caller()));
  }

  @Get('calibration')
  calibration(@Query() query: unknown): Promise<CalibrationReport> {
    const { workflow = null } = parseParameters(CalibrationQuery, query);
    return calibrate(this.parts.pool, workflow);
  }
}
