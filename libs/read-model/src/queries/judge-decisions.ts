import { DecisionRecord, type JudgeAgreement, JudgeTally } from '@baton/workflow';
import type { Pool } from 'pg';
import { z } from 'zod';

const Row = z.object({ position: z.coerce.number().int(), record: z.string() });
const PAGE = 500;

/** Which decisions are looked at. */
export interface DecisionScope {
  readonly workflow?: string | undefined;
  /** RFC 3339: decided then or later. */
  readonly since?: string | undefined;
}

/** How the judges of recorded decisions agree with the tools that looked at the same work, page by page. */
export async function judgeDecisions(pool: Pool, scope: DecisionScope): Promise<readonly JudgeAgreement[]> {
  const tally = new JudgeTally();
  for (let after = 0; ; ) {
    const { rows } = await pool.query(
      `select position, record::text from baton.decision_view
        where has_judges and position > $1
          and ($2::text is null or workflow = $2) and ($3::timestamptz is null or decided_at >= $3)
        order by position limit $4`,
      [after, scope.workflow ?? null, scope.since ?? null, PAGE],
    );
    for (const row of rows) {
      const { position, record } = Row.parse(row);
      tally.add(DecisionRecord.parse(JSON.parse(record)));
      after = position;
    }
    if (rows.length < PAGE) return tally.result();
  }
}
