import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type HostRule, parseHostRule, resolveHost } from '@baton/outbound';
import { putFile, putTree, treeOf } from '@baton/workspace';
import { memoryStore } from '@baton/workspace/testing';
import type { ToolReport } from '../../task/outputs.js';
import { best } from '../../testing/sandboxes.js';
import { run } from '../../testing/tool-runs.js';
import { certificatesOf } from '../certificates.js';
import { openSetUps } from '../set-ups.js';
import type { SetUpSettings } from '../settings.js';

export const rules = (...hosts: readonly string[]): readonly HostRule[] =>
  hosts.flatMap((text) => parseHostRule(text) ?? []);

/** Settings as of a service on this machine, with a cache that is gone afterwards. */
export function settingsOf(onFinished: (act: () => void) => void, changes: Partial<SetUpSettings> = {}): SetUpSettings {
  const cacheDir = mkdtempSync(join(tmpdir(), 'baton-set-ups-'));
  onFinished(() => rmSync(cacheDir, { recursive: true, force: true }));
  return {
    cacheDir,
    cacheMb: 500,
    onlyHosts: null,
    ownNetwork: [],
    upstream: null,
    registries: {},
    certificates: certificatesOf(process.env),
    path: process.env.PATH ?? '',
    resolve: resolveHost,
    ...changes,
  };
}

/** Judges a workspace with these files. */
export async function judge(
  files: Readonly<Record<string, string>>,
  settings: SetUpSettings,
  setUps = openSetUps(settings, () => new Date()),
  choice = best,
): Promise<ToolReport> {
  const blobs = memoryStore();
  const stored = Object.entries(files).map(async ([path, content]) => ({
    path,
    mode: '100644' as const,
    ...(await putFile(blobs, Buffer.from(content))),
  }));
  const tree = await putTree(blobs, treeOf(await Promise.all(stored)));
  return run(
    {
      tools: true,
      language: 'typescript',
      files: [],
      testCommand: 'node --test',
      writtenBy: 'a-model and input',
      workspace: { base: tree, tree },
    },
    { blobs, setUps, isOfflineWork: async () => false, sandbox: async () => choice },
  );
}
