import { CreateLineage, type LineageList, type LineageLog, LineageName, LineageView } from '@baton/contracts';
import { createLineage, findLineage, lineageVersions, listLineages } from '@baton/event-store';
import { getTree } from '@baton/workspace';
import { Body, Controller, Get, Headers, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import type { Pool, PoolClient } from 'pg';
import { z } from 'zod';
import { nextOf } from '../http/cursors.js';
import { parseBody, parseParameters } from '../http/parse.js';
import { ProblemError } from '../http/problem.js';
import { LineageListQuery, LineageLogQuery } from '../http/queries.js';
import { once } from '../once/once.js';
import { type GatewayParts, PARTS } from '../parts/parts.js';
import { toRefusal } from '../workspaces/to-refusal.js';
import { workspaceStore } from '../workspaces/workspace-store.js';
import { noSuchLineage } from './lineage-problems.js';

const Address = z.strictObject({ name: LineageName });

/** Lines of versions that several runs work on. They are made and looked at here; runs alone move their heads. */
@Controller('v1/lineages')
export class LineagesController {
  constructor(@Inject(PARTS) private readonly parts: GatewayParts) {}

  @Post()
  @HttpCode(201)
  create(@Body() body: unknown, @Headers('idempotency-key') key: string | undefined): Promise<LineageView> {
    const { pool, shard, caller } = this.parts;
    const asked = parseBody(CreateLineage, body);
    if (shard.of > 1) throw oneLogOnly();
    const { name, workspace } = asked;
    return once(this.parts, { key, route: 'POST /v1/lineages', asked, answer: LineageView }, async () => {
      // Any blob has a hash; a lineage begins with one that is a tree.
      await getTree(workspaceStore(pool), workspace.tree).catch(toRefusal);
      const { actor } = caller();
      return async (connection) => {
        const outcome = await createLineage(connection, { name, workspace, actor });
        if (outcome === 'created') return this.#require(name, connection);
        throw notCreated(name, outcome);
      };
    });
  }

  @Get()
  async list(@Query() query: unknown): Promise<LineageList> {
    const { cursor: after, limit } = parseParameters(LineageListQuery, query);
    const lineages = await listLineages(this.parts.pool, { after, limit });
    return {
      lineages: [...lineages],
      next: nextOf('lineages', lineages.length < limit ? null : (lineages.at(-1)?.name ?? null)),
    };
  }

  @Get(':name')
  async get(@Param('name') address: string): Promise<LineageView> {
    return this.#require(parseParameters(Address, { name: address }).name);
  }

  @Get(':name/versions')
  async versions(@Param('name') address: string, @Query() query: unknown): Promise<LineageLog> {
    const { name } = await this.#require(parseParameters(Address, { name: address }).name);
    const { cursor: before, limit } = parseParameters(LineageLogQuery, query);
    const versions = await lineageVersions(this.parts.pool, { name, before, limit });
    const last = versions.at(-1)?.number ?? 1;
    return {
      name,
      versions: [...versions],
      next: nextOf('lineage', last === 1 || versions.length < limit ? null : last),
    };
  }

  async #require(name: string, connection: Pool | PoolClient = this.parts.pool): Promise<LineageView> {
    const found = await findLineage(connection, name);
    if (found === null) throw noSuchLineage(name, 404);
    return found;
  }
}

/** Two runs in two logs would each move a head of their own. */
const oneLogOnly = (): ProblemError =>
  new ProblemError('A lineage is moved within one log, and this one is a shard of several.', {
    status: 409,
    code: 'lineage-needs-one-log',
    next: 'Give runs a workspace of their own, or use a Baton of one log for them.',
  });

function notCreated(name: string, outcome: 'exists' | 'no-tree' | 'full'): ProblemError {
  if (outcome === 'exists') {
    return new ProblemError(`There is a lineage ${name} already.`, {
      status: 409,
      code: 'lineage-exists',
      next: `Choose another name, or submit runs to it: baton run submit --shared ${name}.`,
      errors: [{ pointer: '/name', detail: 'is taken' }],
    });
  }
  return new ProblemError(
    outcome === 'full' ? 'There are as many lineages as there may be.' : 'The workspace is not there.',
    {
      status: 422,
      code: outcome === 'full' ? 'too-many-lineages' : 'workspace-not-found',
      next: outcome === 'full' ? 'Use one that is there: GET /v1/lineages lists them.' : 'Upload it first.',
    },
  );
}
