import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { findSandbox, type SandboxChoice, type SandboxSetting } from '@baton/sandbox';
import { findToolchain } from '../validator/tools/tool-files.js';

interface SandboxPlan {
  readonly setting: SandboxSetting | undefined;
  /** Folders that hold secrets of ours, and of which a command is shown nothing. */
  readonly hidden: readonly string[];
}

/** Finds out once, when it is first asked, by running something. */
export function findingSandbox({ setting, hidden }: SandboxPlan): () => Promise<SandboxChoice> {
  let found: Promise<SandboxChoice> | undefined;
  return () => {
    found ??= findToolchain().then((toolchain) =>
      findSandbox({ setting, hidden, toolchain, tmpDir: tmpdir(), now: () => new Date(), newMark: randomUUID }),
    );
    return found;
  };
}
