import { ended, submit } from '@baton/test-stack';
import { Pool } from 'pg';
import { writeCopies } from '../growth/copied-runs.js';
import { type BenchResult, quantile } from '../result.js';
import { publishStates, type WebBench } from './bench-page.js';

const RUNS = 100_000;
const SAMPLES = 40;

const LISTS: Readonly<Record<string, string>> = {
  'all of them': '',
  'of a status': 'status=succeeded',
  'of a status that none has': 'status=failed',
  'of a workflow': 'workflow=bench-copied',
  'with a label': 'label=team%3Dred',
  'with words': 'text=bench',
  'with words that none has': 'text=nowhere',
  'that ended lately': `endedAfter=${new Date(Date.now() - 86_400_000).toISOString()}`,
  'that cost something': 'minCostUsd=1',
  'that ask a person': 'waitingFor=approval',
};

/** What they used, as if each had been planned, written and looked at by two models. */
const USED = `
  insert into baton.agent_usage_view
    select r.run_id, agent, model, r.workflow, r.started_at, 3, 20000, 3000, 150000, 0
      from baton.run_usage_view r
      cross join (values ('planner', 'a'), ('validator', 'a'), ('validator', 'b'), ('programmer', 'a')) as of(agent, model)
    on conflict do nothing`;

const SUMS: Readonly<Record<string, string>> = {
  'by workflow': 'by=workflow',
  'by agent': 'by=agent',
  'by model': 'by=model',
  'by day': 'by=day&timeZone=Europe/Vienna',
};

/** `GET /v1/runs` over 100,000 runs, with each of its filters, and what they used; from the request to the whole of the answer. */
export async function benchLongList({ stack, say }: WebBench): Promise<readonly BenchResult[]> {
  say(`a list of ${RUNS} runs …`);
  await publishStates(stack, 'bench-copied', 'Done', { Done: { Type: 'Succeed' } });
  const model = await submit(stack, { workflow: 'bench-copied', input: {} });
  await ended(stack, model);
  const pool = new Pool({ connectionString: await stack.ownerUrl(), max: 1 });
  try {
    await writeCopies(pool, model, RUNS);
    await pool.query(USED);
    await pool.query('vacuum (analyze) baton.agent_usage_view');
  } finally {
    await pool.end();
  }
  const results: BenchResult[] = [];
  for (const [what, query] of Object.entries(LISTS))
    results.push(await timed(stack, `list of ${RUNS} runs: ${what}`, `/v1/runs?limit=50&${query}`));
  for (const [what, query] of Object.entries(SUMS))
    results.push(await timed(stack, `what ${RUNS} runs used: ${what}`, `/v1/usage?${query}`));
  return results;
}

async function timed(stack: WebBench['stack'], name: string, path: string): Promise<BenchResult> {
  const took: number[] = [];
  for (let n = 0; n < SAMPLES; n += 1) {
    const begun = performance.now();
    await stack.api(path);
    took.push(performance.now() - begun);
  }
  const sorted = took.toSorted((a, b) => a - b);
  return { name, unit: 'ms', median: quantile(sorted, 0.5), p99: quantile(sorted, 0.99), runs: SAMPLES };
}
