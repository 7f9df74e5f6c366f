import type { Context } from '../context.js';
import { withoutOwnDatabase } from '../env-file.js';
import { ROOT } from '../environment.js';
import { ExitCode } from '../exit-codes.js';
import { type Columns, writeList } from '../output.js';
import { modelsOf } from '../up/model-mode.js';
import { checkCheckpoints } from './checkpoint-check.js';
import type { Finding } from './finding.js';
import {
  checkBuild,
  checkDisk,
  checkEmbeddedPostgres,
  checkHome,
  checkNode,
  checkPlatform,
  checkPython,
} from './machine-checks.js';
import { checkModel, runningModels } from './model-check.js';
import { checkModelServer } from './model-server-check.js';
import { checkSandbox } from './sandbox-check.js';
import { checkDatabase, checkGateway, checkPort, checkQueues, checkStack } from './server-checks.js';
import { checkServices } from './service-checks.js';
import { checkTemplates } from './template-check.js';
import { checkTls } from './tls-check.js';
import { checkWork } from './work-check.js';

const columns: Columns<Finding> = {
  headings: ['STATUS', 'CHECK', 'FOUND', 'NEXT'],
  row: ({ status, check, found, next }) => [status, check, found, next],
};

/** Checks everything Baton needs here and says what to do. Exit code 1 when something will not work. */
export async function doctor(context: Context): Promise<ExitCode> {
  const { io, format, interrupted } = context;
  const env = await withoutOwnDatabase(context.env);
  const platform = `${process.platform}-${process.arch}`;
  const running = await runningModels(env, interrupted);
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
    ...checkTls(env),
    await checkServices(env),
    ...(await checkCheckpoints(env, interrupted)),
    ...(await checkTemplates(env, interrupted)),
    ...(await checkWork(env, interrupted)),
    checkModel(env, running),
    ...(await checkModelServer(env, interrupted)),
    await checkSandbox(env, { ...modelsOf(env), ...running }),
  ];
  writeList(io, format, findings, columns, '');
  return findings.some(({ status }) => status === 'fail') ? ExitCode.error : ExitCode.ok;
}
