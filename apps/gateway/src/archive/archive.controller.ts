import type { ArchiveDone, ArchiveList } from '@baton/contracts';
import { archiveRule, listArchivedRuns } from '@baton/event-store';
import { Controller, Get, HttpCode, Inject, Post, Query } from '@nestjs/common';
import { cursorOf } from '../http/cursors.js';
import { parseParameters } from '../http/parse.js';
import { ProblemError } from '../http/problem.js';
import { ArchiveListQuery } from '../http/queries.js';
import { type GatewayParts, PARTS } from '../parts/parts.js';

/** Runs that ended long ago, and are in files. */
@Controller('v1/archive')
export class ArchiveController {
  constructor(@Inject(PARTS) private readonly parts: GatewayParts) {}

  @Get()
  async list(@Query() query: unknown): Promise<ArchiveList> {
    const { limit, cursor } = parseParameters(ArchiveListQuery, query);
    const { pool, archives } = this.parts;
    const { afterSeconds } = await archiveRule(pool);
    const found = await listArchivedRuns(pool, cursor ?? null, limit + 1);
    const page = found.slice(0, limit);
    const last = page.at(-1);
    return {
      afterSeconds,
      where: archives.folder.where,
      problem: archives.problem,
      runs: page.map(({ runId, workflow, status, labels, submittedBy, startedAt, ...run }) => ({
        ...{ runId, workflow, status, labels: { ...labels }, submittedBy, startedAt },
        ...{ endedAt: run.endedAt, archivedAt: run.archivedAt, events: run.version, file: run.name },
      })),
      next: found.length > limit && last !== undefined ? cursorOf('archive', `${last.endedAt} ${last.runId}`) : null,
    };
  }

  /** Puts away now what is due, in place of waiting for the next time. */
  @Post()
  @HttpCode(200)
  async now(): Promise<ArchiveDone> {
    const { afterSeconds } = await archiveRule(this.parts.pool);
    if (afterSeconds === null) {
      throw new ProblemError('No run is archived here.', {
        status: 409,
        code: 'not-archived-here',
        next: 'Start Baton with BATON_ARCHIVE_AFTER_DAYS, as docs/archive.md says.',
      });
    }
    const done = await this.parts.archives.now();
    if (done !== null) return { ...done };
    throw new ProblemError('Runs are being archived already, or the log is being verified.', {
      status: 409,
      code: 'archiving',
      next: 'Wait for it: GET /v1/archive lists what there is.',
    });
  }
}
