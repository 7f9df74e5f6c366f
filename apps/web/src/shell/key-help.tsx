import { type ReactElement, useState } from 'react';
import { Dialog } from '../parts/dialog.js';
import { keyGroups } from '../parts/keys.js';

/** All keys that do something where one is. */
export function KeyHelp({ onClose }: { readonly onClose: () => void }): ReactElement {
  const [groups] = useState(keyGroups);
  return (
    <Dialog title="Keys" description="They do nothing while you type." isOpen isWide onClose={onClose}>
      <div className="grid gap-6 sm:grid-cols-2">
        {groups.map(({ title, bindings }) => (
          <section key={title} aria-label={title}>
            <h3 className="mb-1 font-medium">{title}</h3>
            <dl className="grid grid-cols-[auto_1fr] gap-x-3 gap-y-1">
              {bindings.map((binding) => (
                <div key={binding.keys} className="contents">
                  <dt>
                    <Keys keys={binding.keys} />
                  </dt>
                  <dd className="text-quiet">{binding.title}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}

const isMac = /Mac|iPhone|iPad/.test(navigator.userAgent);

/** As they are written on the keyboard. */
const Keys = ({ keys }: { readonly keys: string }): ReactElement => (
  <span className="whitespace-nowrap">
    {keys.split(' ').map((key, at) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: keys of one sequence stay where they are
      <kbd key={at} className="mr-1 rounded border border-line bg-raised px-1.5 py-0.5 font-sans text-xs">
        {key.replace('mod+', isMac ? '⌘' : 'Ctrl ')}
      </kbd>
    ))}
  </span>
);
