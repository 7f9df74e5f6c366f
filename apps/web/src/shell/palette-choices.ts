import type { Schemas } from '../api/api.js';
import { idIn } from '../parts/ids.js';
import type { KeyBinding } from '../parts/keys.js';
import { PLACES } from './places.js';

interface Shown {
  readonly id: string;
  readonly title: string;
  /** What it is, beside it. */
  readonly hint: string;
  readonly status?: string;
}

export type PaletteChoice =
  | (Shown & { readonly kind: 'place'; readonly to: string })
  | (Shown & { readonly kind: 'id' })
  | (Shown & { readonly kind: 'action'; readonly run: () => void });

interface Known {
  readonly workflows: readonly string[];
  /** Those that were found by the text. */
  readonly runs: readonly Schemas['RunSummary'][];
  readonly groups: readonly { readonly title: string; readonly bindings: readonly KeyBinding[] }[];
}

const MOST = 20;

/** Every word is somewhere in the title. */
const fits = (title: string, words: string): boolean =>
  words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => title.toLowerCase().includes(word));

/** What a text may mean, the nearest first: an id is an id and nothing else. */
export function choicesOf(words: string, { workflows, runs, groups }: Known): readonly PaletteChoice[] {
  const id = idIn(words);
  if (id !== null)
    return [{ kind: 'id', id: id.id, title: `Go to ${id.id}`, hint: id.kind === 'run' ? 'run' : 'approval or task' }];
  const places = PLACES.map(
    ({ to, title, key }) => ({ kind: 'place', id: `place-${key}`, title, hint: `g ${key}`, to }) as const,
  );
  const found = runs.map(
    ({ runId, title, workflow, status }) =>
      ({
        kind: 'place',
        id: `run-${runId}`,
        title: title ?? runId,
        hint: workflow,
        status,
        to: `/runs/${runId}`,
      }) as const,
  );
  const documents = workflows.map(
    (name) =>
      ({
        kind: 'place',
        id: `workflow-${name}`,
        title: name,
        hint: 'workflow',
        to: `/workflows/${encodeURIComponent(name)}`,
      }) as const,
  );
  const actions = groups.flatMap(({ title: group, bindings }) =>
    bindings
      .filter(({ keys }) => !keys.startsWith('g ') && keys !== 'mod+k')
      .map(
        ({ keys, title, run }) => ({ kind: 'action', id: `action-${group}-${keys}`, title, hint: keys, run }) as const,
      ),
  );
  const named: readonly PaletteChoice[] = [...places, ...actions, ...(words === '' ? [] : documents)];
  return [...named.filter(({ title }) => fits(title, words)), ...found].slice(0, MOST);
}
