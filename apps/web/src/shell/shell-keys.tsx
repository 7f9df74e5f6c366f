import { useNavigate } from '@tanstack/react-router';
import { type ReactElement, Suspense, useState } from 'react';
import { useKeys } from '../parts/keys.js';
import { lazily } from '../parts/lazily.js';
import { NotOpened } from '../parts/not-loaded.js';
import { PLACES } from './places.js';

const Palette = lazily(() => import('./palette.js').then((loaded) => loaded.Palette), NotOpened);
const KeyHelp = lazily(() => import('./key-help.js').then((loaded) => loaded.KeyHelp), NotOpened);

/** Keys that do the same in every view, and what they open. */
export function ShellKeys(): ReactElement {
  const navigate = useNavigate();
  const [opened, setOpened] = useState<'palette' | 'help' | null>(null);
  const close = (): void => setOpened(null);
  useKeys('Everywhere', [
    { keys: 'mod+k', title: 'Go to anything', run: () => setOpened('palette') },
    { keys: '/', title: 'Search', run: () => focusSearch() || setOpened('palette') },
    { keys: '?', title: 'All keys', run: () => setOpened('help') },
    ...PLACES.map(({ to, title, key }) => ({
      keys: `g ${key}`,
      title: `Go to ${title}`,
      run: () => void navigate({ to }),
    })),
  ]);
  return (
    <>
      <button
        type="button"
        onClick={() => setOpened('palette')}
        aria-keyshortcuts="Control+K Meta+K"
        className="rounded border border-line px-2 py-0.5 text-xs whitespace-nowrap text-quiet hover:bg-raised"
      >
        Go to …
      </button>
      <button
        type="button"
        aria-label="All keys"
        onClick={() => setOpened('help')}
        className="rounded px-2 py-0.5 text-quiet hover:bg-raised max-sm:hidden"
      >
        ?
      </button>
      <Suspense fallback={null}>
        {opened === 'palette' ? <Palette onClose={close} /> : null}
        {opened === 'help' ? <KeyHelp onClose={close} /> : null}
      </Suspense>
    </>
  );
}

/** The search of the view, where it has one. */
function focusSearch(): boolean {
  const field = document.querySelector<HTMLInputElement>('[data-page-search]');
  field?.focus();
  field?.select();
  return field !== null;
}
