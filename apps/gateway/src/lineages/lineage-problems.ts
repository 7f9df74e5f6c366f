import { LineageName, TreeVersion } from '@baton/contracts';
import { findLineage, isVersionOf } from '@baton/event-store';
import type { Pool } from 'pg';
import { z } from 'zod';
import { ProblemError } from '../http/problem.js';

export const noSuchLineage = (name: string, status: 404 | 422): ProblemError =>
  new ProblemError(`There is no lineage ${name}.`, {
    status,
    code: 'lineage-not-found',
    next: `Make it with \`baton workspace create ${name} --workspace DIR\`; \`baton workspace list\` shows those that are there.`,
    ...(status === 422
      ? { errors: [{ pointer: '/input/workspace/lineage', detail: 'is not the name of a lineage' }] }
      : {}),
  });

const WithLineage = z.object({ workspace: z.object({ lineage: LineageName, tree: TreeVersion }) });

/**
 * A run that is to land on a lineage must begin from one of its versions: of anything else nobody knows what in it is the
 * lineage's and what is new. The hub would refuse it, too, but only when all the work is done.
 *
 * @throws ProblemError 422
 */
export async function refuseForeignWorkspace(pool: Pool, input: unknown): Promise<void> {
  const given = WithLineage.safeParse(input);
  if (!given.success) return;
  const { lineage, tree } = given.data.workspace;
  if (await isVersionOf(pool, lineage, tree)) return;
  const found = await findLineage(pool, lineage);
  if (found === null) throw noSuchLineage(lineage, 422);
  throw new ProblemError(
    `The workspace is no version of the lineage ${lineage}, whose head is version ${found.head.number}.`,
    {
      status: 422,
      code: 'not-of-lineage',
      next: 'Leave --workspace out to begin from the head, or make another lineage of these files.',
      errors: [{ pointer: '/input/workspace/tree', detail: `is no version of the lineage ${lineage}` }],
    },
  );
}
