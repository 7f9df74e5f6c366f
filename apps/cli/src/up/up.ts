import type { Context } from '../context.js';
import { envFileOf, withoutOwnDatabase } from '../env-file.js';
import { ExitCode } from '../exit-codes.js';
import { DEFAULT_PORT } from '../gateway/connection.js';
import { writeLine } from '../output.js';
import { shellWord } from '../shell-word.js';
import { formatFacts } from '../table.js';
import { dashboardLink } from './dashboard-link.js';
import { describeModels } from './model-mode.js';
import { parseOnly, type ServiceName } from './services.js';
import { type Stack, startStack } from './stack.js';

export interface UpOptions {
  readonly only?: string;
  readonly jsonLogs?: boolean;
}

const wait = (signal: AbortSignal): Promise<'interrupted'> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve('interrupted');
    else signal.addEventListener('abort', () => resolve('interrupted'), { once: true });
  });

/** What a person needs to know once everything runs. */
export function summaryLines(
  { env }: Pick<Context, 'env'>,
  { url }: Pick<Stack, 'url'>,
  services: readonly ServiceName[],
  /** Null where no dashboard is served. */
  link: string | null,
): readonly string[] {
  const facts = formatFacts([
    ['API', url ?? 'not here (no gateway among the services)'],
    ...(link === null ? [] : [['dashboard', `${link}   (signs in once, within ten minutes)`] as const]),
    ['services', services.join(', ')],
    ['queues', env.REDIS_URL === undefined ? 'Postgres (set REDIS_URL for Redis)' : 'Redis'],
    ['database', env.DATABASE_URL === undefined ? 'embedded Postgres' : 'DATABASE_URL'],
    ['model', describeModels(env)],
    ['data', `${env.home} (logs in logs/)`],
    ['join', `source ${shellWord(envFileOf(env.home))}   in another terminal; it has \`baton\` then`],
    ['submit', 'baton run submit --requirements FILE --watch'],
    ['stop', 'Ctrl-C'],
  ]);
  return ['', 'Baton is running.', '', ...facts.map((line) => `  ${line}`), ''];
}

export async function up(context: Context, options: UpOptions): Promise<ExitCode> {
  const services = parseOnly(options.only, context.env.all);
  const { io, interrupted } = context;
  const env = await withoutOwnDatabase(context.env);
  const isJson = options.jsonLogs === true;
  const tell = (line: string): void => {
    if (isJson) writeLine(io.err, JSON.stringify({ level: 'info', name: 'baton up', msg: line }));
    else writeLine(io.err, line);
  };
  const stack = await startStack({
    env,
    services,
    port: env.BATON_PORT ?? DEFAULT_PORT,
    onNews: tell,
    onJsonLine: isJson ? (line) => writeLine(io.out, line) : null,
    interrupted,
    hurried: context.hurried,
    nowMs: context.nowMs,
  });
  if (isJson) tell(`ready${stack.url === null ? '' : ` at ${stack.url}`}`);
  else {
    const { url, token } = stack;
    const link = url === null ? null : await dashboardLink({ url, token });
    for (const line of summaryLines({ env }, stack, services, link)) writeLine(io.err, line);
  }

  const outcome = await Promise.race([wait(interrupted), stack.failed]);
  tell(outcome === 'interrupted' ? 'stopping; Ctrl-C again to hurry' : 'stopping, because the stack cannot go on');
  await stack.stop();
  if (outcome !== 'interrupted') throw outcome;
  tell('stopped; the data stays for the next start');
  return ExitCode.ok;
}
