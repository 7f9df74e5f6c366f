import type { FileChange } from '@baton/contracts';
import type { BlobStore } from '@baton/workspace';
import { z } from 'zod';
import { refusal, said, type Tool, toolOf } from '../tool.js';

/** What came of a command, and what it did to the files. */
export interface Ran {
  /** How it ended, in one line. */
  readonly ending: string;
  readonly printed: string;
  /** What of it was not taken over, and why. */
  readonly notes: readonly string[];
  readonly changes: readonly FileChange[];
}

/** Commands of a model's own, on the files as they are. */
export interface Shell {
  readonly run: (command: string, timeoutMs: number, signal: AbortSignal) => Promise<Ran>;
  /** Where what a command printed is kept, as long as the run is. */
  readonly store: BlobStore;
  /** The run: one does not read what another printed. */
  readonly runId: string;
}

const MOST_SECONDS = 600;
const USUAL_SECONDS = 120;
const FIRST_CHARACTERS = 4_000;
const LAST_CHARACTERS = 12_000;
const MOST_CHARACTERS = 24_000;
const MOST_NAMES = 50;

/** Only where there is a sandbox. */
export const shellTools = (shell: Shell): readonly Tool[] => [shellTool(shell), outputTool(shell)];

const shellTool = (shell: Shell): Tool =>
  toolOf({
    name: 'shell',
    description: `Runs a command by sh on a copy of the files as they are now, in a sandbox without network. The files that it writes, changes or takes away are then written, changed and taken away in the workspace, as far as you may do so with the other tools; packages, links, empty folders, what is ignored, and all that lies outside are not kept. Of what it printed the beginning and the end are shown, and output shows the rest.`,
    input: z.strictObject({
      command: z.string().min(1).max(8_000),
      timeoutSeconds: z
        .int()
        .min(1)
        .max(MOST_SECONDS)
        .optional()
        .describe(`after so long it is stopped; ${USUAL_SECONDS} without it`),
    }),
    use: async ({ command, timeoutSeconds = USUAL_SECONDS }, signal) => {
      const { ending, printed, notes, changes } = await shell.run(command, timeoutSeconds * 1_000, signal);
      const shown = printed.length <= FIRST_CHARACTERS + LAST_CHARACTERS ? printed : await shortened(printed, shell);
      return said([ending, ...namesOf(changes), ...notes, shown].filter((part) => part !== '').join('\n'), changes);
    },
  });

/** The beginning and the end; the whole is kept. */
async function shortened(printed: string, { store, runId }: Shell): Promise<string> {
  const { sha256 } = await store.put(Buffer.from(marked(runId, printed)));
  const left = printed.length - FIRST_CHARACTERS - LAST_CHARACTERS;
  const way = `… ${left} characters are left out: output with id ${sha256} and from ${FIRST_CHARACTERS} shows them …`;
  return [printed.slice(0, FIRST_CHARACTERS), way, printed.slice(-LAST_CHARACTERS)].join('\n');
}

const outputTool = ({ store, runId }: Shell): Tool =>
  toolOf({
    name: 'output',
    description: `Shows what a command printed from one character on, at most ${MOST_CHARACTERS} at once.`,
    input: z.strictObject({
      id: z.string().regex(/^[0-9a-f]{64}$/, 'must be as shell gave it'),
      from: z.int().nonnegative().optional(),
    }),
    use: async ({ id, from = 0 }) => {
      const text = await store.get(id).then(
        (bytes) => bytes.toString('utf8'),
        () => '',
      );
      const mark = marked(runId, '');
      // Other blobs are not its business, whoever tells it their hashes.
      if (!text.startsWith(mark)) return refusal('No command of this run printed what has this id.');
      const printed = text.slice(mark.length);
      const shown = printed.slice(from, from + MOST_CHARACTERS);
      const left = printed.length - from - shown.length;
      if (shown === '') return refusal(`It printed ${printed.length} characters.`);
      return said(left > 0 ? `${shown}\n… ${left} characters more: go on with from ${from + shown.length}` : shown);
    },
  });

const marked = (runId: string, printed: string): string => `printed in run ${runId}\n${printed}`;

function namesOf(changes: readonly FileChange[]): readonly string[] {
  const named = (words: string, paths: readonly string[]): readonly string[] => {
    if (paths.length === 0) return [];
    const more = paths.length > MOST_NAMES ? ` and ${paths.length - MOST_NAMES} more` : '';
    return [`${words} ${paths.slice(0, MOST_NAMES).join(', ')}${more}.`];
  };
  const of = (isGone: boolean) => changes.filter(({ now }) => (now === null) === isGone).map(({ path }) => path);
  return [...named('It wrote', of(false)), ...named('It took away', of(true))];
}
