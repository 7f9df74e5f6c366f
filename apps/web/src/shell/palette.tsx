import { useQuery } from '@tanstack/react-query';
import { type AnyRouter, useRouter } from '@tanstack/react-router';
import { type KeyboardEvent, type ReactElement, useId, useState } from 'react';
import { api } from '../api/api.js';
import { Dialog } from '../parts/dialog.js';
import { idIn } from '../parts/ids.js';
import { addressOf } from '../parts/jump.js';
import { keyGroups } from '../parts/keys.js';
import { seen } from '../parts/plain-text.js';
import { Status } from '../parts/status.js';
import { choicesOf, type PaletteChoice } from './palette-choices.js';

interface PaletteProps {
  readonly onClose: () => void;
}

const MOST_RUNS = 8;

/** One field that leads everywhere: to a view, a workflow, a run by its id or by words, and to whatever has a key. */
export function Palette({ onClose }: PaletteProps): ReactElement {
  const router: AnyRouter = useRouter();
  const listId = useId();
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const [error, setError] = useState<string>();
  // What was there when this opened: meanwhile no key is taken.
  const [groups] = useState(keyGroups);
  const { data: catalog } = useQuery({
    queryKey: ['workflows', 'names'],
    queryFn: ({ signal }) => api().get('/v1/workflows', { signal }),
  });
  const words = text.trim();
  const isId = idIn(words) !== null;
  const { data: found } = useQuery({
    queryKey: ['live', 'palette', words],
    queryFn: ({ signal }) => api().get('/v1/runs', { params: { query: { text: words, limit: MOST_RUNS } }, signal }),
    enabled: !isId && words.length > 1 && words.length <= 200 && /[\p{L}\p{N}]/u.test(words),
    placeholderData: (before) => before,
  });
  const choices = choicesOf(words, {
    workflows: [...new Set(catalog?.workflows.map(({ name }) => name))],
    runs: words.length > 1 && !isId ? (found?.runs ?? []) : [],
    groups,
  });
  const current = choices[Math.min(at, choices.length - 1)];

  const go = async (choice: PaletteChoice): Promise<void> => {
    try {
      const address = choice.kind === 'id' ? await addressOf(choice.id) : choice.kind === 'action' ? null : choice.to;
      onClose();
      if (address !== null) router.history.push(address);
      // Once this is closed, and what had the focus has it again.
      if (choice.kind === 'action') setTimeout(choice.run);
    } catch (thrown) {
      setError(thrown instanceof Error ? thrown.message : String(thrown));
    }
  };
  const press = (event: KeyboardEvent): void => {
    const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (by !== 0) setAt((Math.min(at, choices.length - 1) + by + choices.length) % Math.max(choices.length, 1));
    else if (event.key === 'Enter' && current !== undefined) void go(current);
    else return;
    event.preventDefault();
  };
  const optionId = (id: string): string => `${listId}-${id}`;

  return (
    <Dialog title="Go to" isOpen onClose={onClose}>
      <input
        autoFocus
        type="text"
        role="combobox"
        aria-label="A view, a run, a workflow, an id, or something to do"
        aria-expanded="true"
        aria-controls={listId}
        aria-autocomplete="list"
        aria-activedescendant={current === undefined ? undefined : optionId(current.id)}
        placeholder="A view, a run, a workflow, an id …"
        value={text}
        onChange={({ target }) => {
          setText(target.value);
          setAt(0);
          setError(undefined);
        }}
        onKeyDown={press}
        className="w-full rounded border border-line bg-surface px-2 py-1.5 placeholder:text-quiet"
      />
      <p role="status" className="text-bad">
        {error ?? (choices.length === 0 ? 'Nothing is called so.' : '')}
      </p>
      <div id={listId} role="listbox" aria-label="Where to" className="mt-2">
        {choices.map((choice) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the keys
          <div
            key={choice.id}
            id={optionId(choice.id)}
            role="option"
            tabIndex={-1}
            aria-selected={choice === current}
            ref={(element) => {
              if (choice === current) element?.scrollIntoView({ block: 'nearest' });
            }}
            onClick={() => void go(choice)}
            className={`flex cursor-pointer items-center gap-2 rounded px-2 py-1.5 ${choice === current ? 'bg-raised' : ''}`}
          >
            <span className="min-w-0 flex-1 truncate">{seen(choice.title)}</span>
            {choice.status === undefined ? null : <Status status={choice.status} />}
            <span className="text-xs text-quiet">{seen(choice.hint)}</span>
          </div>
        ))}
      </div>
    </Dialog>
  );
}
