import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { findSandbox, type SandboxChoice, SandboxSetting } from '@baton/sandbox';
import { type Environment, ROOT } from '../environment.js';
import type { ModelsByAgent } from '../up/model-mode.js';
import { type Finding, fail, ok, warn } from './finding.js';

type Variables = Pick<Environment, 'BATON_SANDBOX' | 'home'>;

/** What the services of this machine that execute code will find, found as they do: by running a command. */
export function chooseSandbox(setting: SandboxSetting | undefined, home: string): Promise<SandboxChoice> {
  const toolchain = [dirname(process.execPath), join(ROOT, 'node_modules')]
    .filter((path) => existsSync(path))
    .map((from) => ({ from }));
  return findSandbox({
    setting,
    tmpDir: tmpdir(),
    hidden: [home],
    toolchain,
    now: () => new Date(),
    newMark: randomUUID,
  });
}

/** @param models of the agents, by their names */
export async function checkSandbox(env: Variables, models: ModelsByAgent): Promise<Finding> {
  const setting = SandboxSetting.optional().safeParse(env.BATON_SANDBOX);
  if (!setting.success)
    return fail('sandbox', `BATON_SANDBOX=${env.BATON_SANDBOX} is not known`, 'Unset it, or set it to bwrap or none.');
  return sandboxFinding(await chooseSandbox(setting.data, env.home), models);
}

/** Without a language model that programs all code is ours, and a missing sandbox keeps nothing from running. */
export function sandboxFinding({ executes, sandbox, summary, next }: SandboxChoice, models: ModelsByAgent): Finding {
  if (sandbox.driver === 'bwrap') return ok('sandbox', summary);
  if (executes === 'anything') return warn('sandbox', summary, 'Unset BATON_SANDBOX unless this machine may be lost.');
  if (executes === 'trusted' && models.programmer === 'offline')
    return ok('sandbox', `not needed for the offline model, whose code is ours; ${summary}`);
  return warn('sandbox', summary, next ?? 'See docs/sandbox.md.');
}
