import type { Context } from '../context.js';
import { withoutOwnDatabase } from '../env-file.js';
import { type Environment, ROOT } from '../environment.js';
import { ExitCode } from '../exit-codes.js';
import { type Columns, writeList } from '../output.js';
import { describeModels, modelsOf, NO_MODEL } from '../up/model-mode.js';
import { type Finding, fail, ok, warn } from './finding.js';
import {
  checkBuild,
  checkDisk,
  checkEmbeddedPostgres,
  checkHome,
  checkNode,
  checkPlatform,
  checkPython,
} from './machine-checks.js';
import { checkModelServer } from './model-server-check.js';
import { checkSandbox } from './sandbox-check.js';
import { checkDatabase, checkGateway, checkPort, checkQueues, checkStack } from './server-checks.js';
import { checkServices } from './service-checks.js';
import { checkTemplates } from './template-check.js';

export function checkModel(env: Pick<Environment, 'all' | 'ANTHROPIC_API_KEY' | 'ANTHROPIC_BASE_URL'>): Finding {
  const found = describeModels(env);
  if (Object.values(modelsOf(env)).includes(NO_MODEL)) {
    return fail('model', found, 'Set BATON_MODEL to a model as the provider names it.');
  }
  if (env.all.BATON_PROVIDER !== undefined && env.all.BATON_PROVIDER !== 'anthropic') return ok('model', found);
  if (env.ANTHROPIC_API_KEY === undefined && env.ANTHROPIC_BASE_URL !== undefined) {
    return warn('model', found, 'ANTHROPIC_BASE_URL has no effect without ANTHROPIC_API_KEY.');
  }
  if (env.ANTHROPIC_API_KEY !== undefined && Object.values(modelsOf(env)).every((model) => model === 'offline')) {
    return warn('model', found, 'ANTHROPIC_API_KEY is set, but BATON_MODEL says offline.');
  }
  return ok('model', found);
}

const columns: Columns<Finding> = {
  headings: ['STATUS', 'CHECK', 'FOUND', 'NEXT'],
  row: ({ status, check, found, next }) => [status, check, found, next],
};

/** Checks everything Baton needs here and says what to do. Exit code 1 when something will not work. */
export async function doctor(context: Context): Promise<ExitCode> {
  const { io, format, interrupted } = context;
  const env = await withoutOwnDatabase(context.env);
  const platform = `${process.platform}-${process.arch}`;
  const findings: readonly Finding[] = [
    checkNode(process.versions.node),
    checkPlatform(platform),
    checkBuild(ROOT),
    checkEmbeddedPostgres(ROOT, platform, env),
    checkPython(),
    checkHome(env),
    checkDisk(env),
    checkStack(env),
    await checkPort(env),
    await checkDatabase(env, ROOT),
    await checkQueues(env),
    ...(await checkGateway(env, interrupted)),
    await checkServices(env),
    ...(await checkTemplates(env, interrupted)),
    checkModel(env),
    ...(await checkModelServer(env, interrupted)),
    await checkSandbox(env),
  ];
  writeList(io, format, findings, columns, '');
  return findings.some(({ status }) => status === 'fail') ? ExitCode.error : ExitCode.ok;
}
