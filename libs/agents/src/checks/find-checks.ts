import type { LookedAt, WorkspaceChecks } from './check.js';
import { detectChecks } from './detect.js';
import { readToolsFile, TOOLS_FILE } from './tools-file.js';

/**
 * How a workspace is judged: as it says itself, else as its files look. What the run began from has the word, where it says
 * something.
 *
 * @throws BatonError `tools-file-broken` where it says so in a way that cannot be read
 */
export async function findChecks(looked: LookedAt, base: LookedAt = looked): Promise<WorkspaceChecks> {
  const said = await base.text(TOOLS_FILE);
  return said === null ? detectChecks(looked, base) : readToolsFile(said);
}
