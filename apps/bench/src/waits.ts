import { commandsDue } from '@baton/event-store';
import { until } from '@baton/test-stack';
import { BenchStack, type Servers } from './bench-stack.js';
import { type BenchResult, figure } from './result.js';

/** A month is a row in a table. */
const WAIT = {
  name: 'bench-wait',
  version: '1.0.0',
  title: 'Waits for thirty days',
  definition: {
    QueryLanguage: 'JSONata',
    StartAt: 'Month',
    States: { Month: { Type: 'Wait', Seconds: 30 * 24 * 60 * 60, End: true } },
  },
};

const LOOKS = 100;

/** What many runs cost that only wait: the orchestrator's memory, with and without them in its cache, and a look for what is due. */
export async function benchWaits(options: Servers & { readonly runs: number }): Promise<readonly BenchResult[]> {
  const { runs } = options;
  const stack = await BenchStack.start(options, [WAIT]);
  try {
    await stack.submit('bench-wait');
    await waiting(stack, 1);
    const before = await settledMemory(stack);
    const beganMs = performance.now();
    await stack.submit('bench-wait', runs - 1);
    await waiting(stack, runs);
    const seconds = (performance.now() - beganMs) / 1000;
    const after = await settledMemory(stack);
    await stack.restartOrchestrator();
    const fresh = await settledMemory(stack);
    const of = `${runs} runs that wait for 30 days`;
    return [
      figure(`${of}: begun`, 'runs/s', [(runs - 1) / seconds]),
      figure(`${of}: memory of the orchestrator before`, 'MiB', [before]),
      figure(`${of}: memory of the orchestrator that began them`, 'MiB', [after]),
      figure(`${of}: memory of one that started after`, 'MiB', [fresh]),
      ...(await looks(stack, of)),
    ];
  } finally {
    await stack.stop();
  }
}

const waiting = (stack: BenchStack, runs: number): Promise<void> =>
  until(async () => (await stack.count('baton.command')) === runs, `${runs} runs to wait`, 300_000);

/** After some rounds of everything that an orchestrator does periodically. */
async function settledMemory(stack: BenchStack): Promise<number> {
  await new Promise((resolve) => setTimeout(resolve, 8_000));
  return (await stack.memoryOf('orchestrator'))?.now ?? Number.NaN;
}

/** The look for what is due, several times a second for as long as they wait. Stops loudly where it reads the whole table. */
async function looks(stack: BenchStack, of: string): Promise<readonly BenchResult[]> {
  const { pool } = stack;
  await pool.query('analyze baton.command');
  const before = await scansOf(stack);
  const times: number[] = [];
  for (let look = 0; look < LOOKS; look += 1) {
    const beganMs = performance.now();
    const due = await commandsDue(pool, 500);
    times.push(performance.now() - beganMs);
    if (due.length > 0) throw new Error('a wait of thirty days was due at once');
  }
  const after = await scansOf(stack);
  if (after.byDeadline - before.byDeadline < LOOKS) throw new Error('the look for what is due does not use its index');
  return [figure(`${of}: a look for what is due`, 'ms', times)];
}

/** How often the table of commands was read by its deadlines. */
async function scansOf({ pool }: BenchStack): Promise<{ readonly byDeadline: number }> {
  await pool.query('select pg_stat_force_next_flush()');
  const { rows } = await pool.query<{ n: number }>(
    `select idx_scan::int as n from pg_stat_user_indexes where schemaname = 'baton' and indexrelname = 'command_deadline'`,
  );
  return { byDeadline: rows[0]?.n ?? 0 };
}
