import { DecisionRecord, type JudgeAgreement, JudgeTally } from '@baton/workflow';
import type { Pool } from 'pg';
import { type Decided, type DecisionScope, decided } from './decided.js';

const PAGE = 500;

/** How the judges of recorded decisions agree with the tools that looked at the same work, page by page. */
export async function judgeDecisions(pool: Pool, scope: DecisionScope): Promise<readonly JudgeAgreement[]> {
  const tally = new JudgeTally();
  for (let after = 0; ; ) {
    const rows = await decided(pool, scope)
      .select(['position', 'record'])
      .where('has_judges', '=', true)
      .where('position', '>', after)
      .orderBy('position')
      .limit(PAGE)
      .$narrowType<Decided>()
      .execute();
    for (const { position, record } of rows) {
      tally.add(DecisionRecord.parse(JSON.parse(record)));
      after = position;
    }
    if (rows.length < PAGE) return tally.result();
  }
}
