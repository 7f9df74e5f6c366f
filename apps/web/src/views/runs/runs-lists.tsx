import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type FormEvent, type ReactElement, useState } from 'react';
import { mayDo, sessionQuery } from '../../api/session.js';
import { Button } from '../../parts/button.js';
import { Dialog } from '../../parts/dialog.js';
import { TextField } from '../../parts/field.js';
import { seen } from '../../parts/plain-text.js';
import { setPreferences, usePreferences } from '../../preferences/preferences.js';
import { PRESETS, presetOf, type RunsFilter } from './runs-search.js';
import { namedFilters, nameOf, withList, withoutList } from './saved-lists.js';

const PILL = 'rounded-full border px-2.5 py-0.5';
const MOST_CHARACTERS = 40;

const pillOf = (isShown: boolean): string =>
  `${PILL} ${isShown ? 'border-accent text-accent' : 'border-line text-quiet hover:text-ink'}`;

/** Lists that everybody asks for, and those that somebody gave a name: kept in this browser. */
export function RunsLists({ filter }: { readonly filter: RunsFilter }): ReactElement {
  const { lists } = usePreferences();
  const { data: session } = useQuery(sessionQuery);
  const [isNaming, setNaming] = useState(false);
  const own = namedFilters(lists);
  const preset = presetOf(filter);
  const name = preset === undefined ? nameOf(filter, own) : undefined;
  // Nothing ever waits for somebody who may not answer.
  const presets = PRESETS.filter(({ search }) => search.waits !== 'me' || mayDo(session, 'approver'));
  return (
    <nav aria-label="Lists of runs" className="flex flex-wrap items-center gap-1">
      {presets.map(({ title, search }) => (
        <Link
          key={title}
          to="/"
          search={search}
          activeOptions={{ explicitUndefined: true }}
          aria-current={title === preset ? 'true' : undefined}
          className={pillOf(title === preset)}
        >
          {title}
        </Link>
      ))}
      {own.map((list) => (
        <Link
          key={`own ${list.name}`}
          to="/"
          search={list.filter}
          activeOptions={{ explicitUndefined: true }}
          aria-current={list.name === name ? 'true' : undefined}
          className={pillOf(list.name === name)}
        >
          {seen(list.name)}
        </Link>
      ))}
      {preset === undefined && name === undefined ? (
        <Button kind="quiet" onClick={() => setNaming(true)}>
          Save this list …
        </Button>
      ) : null}
      {name === undefined ? null : (
        <Button kind="quiet" onClick={() => setPreferences({ lists: withoutList(lists, name) })}>
          Remove “{seen(name)}”
        </Button>
      )}
      {isNaming ? (
        <NameDialog
          onClose={() => setNaming(false)}
          onName={(given) => {
            setPreferences({ lists: withList(lists, given, filter) });
            setNaming(false);
          }}
        />
      ) : null}
    </nav>
  );
}

interface NameDialogProps {
  readonly onName: (name: string) => void;
  readonly onClose: () => void;
}

function NameDialog({ onName, onClose }: NameDialogProps): ReactElement {
  const [name, setName] = useState('');
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (name.trim() !== '') onName(name.trim());
  };
  return (
    <Dialog
      title="Save this list"
      description="What is asked for now, under a name, in this browser."
      isOpen
      onClose={onClose}
    >
      <form onSubmit={submit} className="space-y-3">
        <TextField
          label="Name"
          autoFocus
          required
          maxLength={MOST_CHARACTERS}
          value={name}
          onChange={({ target }) => setName(target.value)}
          hint="A list of the same name is replaced."
        />
        <p className="flex justify-end gap-2">
          <Button onClick={onClose}>Leave it</Button>
          <Button type="submit" kind="main">
            Save
          </Button>
        </p>
      </form>
    </Dialog>
  );
}
