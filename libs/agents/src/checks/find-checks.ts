import type { LookedAt, WorkspaceChecks } from './check.js';
import { detectChecks } from './detect.js';
import { readToolsFile, TOOLS_FILE, toolsFileBroken } from './tools-file.js';

/**
 * How a workspace is judged: as it says itself, else as its files look. What the run began from has the word, where it says
 * something.
 *
 * @throws BatonError `tools-file-broken` where it says so in a way that cannot be read
 */
export async function findChecks(looked: LookedAt, base: LookedAt = looked): Promise<WorkspaceChecks> {
  const said = await base.text(TOOLS_FILE);
  if (said !== null) return readToolsFile(said);
  // Where somebody said how it is judged, nothing else is guessed.
  if (base.paths.includes(TOOLS_FILE)) throw toolsFileBroken('is no text in UTF-8');
  const meant = base.paths.find((path) => MEANT_AS_ONE.test(path));
  if (meant !== undefined) throw toolsFileBroken(`is what it has to be called, and ${meant} is not read`);
  return detectChecks(looked, base);
}

const MEANT_AS_ONE = /^\.baton\/tools\.(ya?ml|json)$/i;
