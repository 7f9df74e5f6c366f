import { homedir, tmpdir } from 'node:os';
import { findSandbox, type SandboxChoice, type SandboxRequest } from '@baton/sandbox';
import { findToolchain } from '../validator/tools/tool-files.js';

let marks = 0;

export const choose = async (changes: Partial<SandboxRequest> = {}): Promise<SandboxChoice> =>
  findSandbox({
    setting: undefined,
    tmpDir: tmpdir(),
    hidden: [homedir()],
    toolchain: await findToolchain(),
    now: () => new Date(),
    newMark: () => `tools-spec-${process.pid}-${++marks}`,
    ...changes,
  });

/** What this machine offers. */
export const best = await choose();
/** As on a machine whose operator said BATON_SANDBOX=none. */
export const bare = await choose({ setting: 'none' });
/** As on a machine without bubblewrap. */
export const trustedOnly: SandboxChoice = {
  ...bare,
  executes: 'trusted',
  summary: 'there is no sandbox: bubblewrap is not installed',
  next: 'Install it: apt-get install bubblewrap. Or set BATON_SANDBOX=none to execute what a model wrote without one.',
  warning: 'It was executed without a sandbox: it is the offline model’s own code.',
};

const isRequired = process.env.BATON_TEST_SANDBOX === 'required';
if (best.sandbox.driver !== 'bwrap' && isRequired)
  throw new Error(`BATON_TEST_SANDBOX=required, but ${best.summary}. ${best.next}`);

export const hasSandbox = best.sandbox.driver === 'bwrap';
