import { Tabs as Primitive } from 'radix-ui';
import type { ReactElement, ReactNode } from 'react';

interface TabsProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly tabs: readonly { readonly id: T; readonly title: ReactNode }[];
  /** The tab stands in the address, so whoever shows this puts it there. */
  readonly onChoose: (id: T) => void;
  /** What the chosen tab shows. */
  readonly children: ReactNode;
}

/** Where there is no room for all of them, the chosen one is among those that are seen. */
function bringIntoSight(tab: HTMLElement | null): void {
  const list = tab?.parentElement;
  if (tab === null || list == null) return;
  const [seen, wanted] = [list.getBoundingClientRect(), tab.getBoundingClientRect()];
  if (wanted.right > seen.right) list.scrollLeft += wanted.right - seen.right;
  else if (wanted.left < seen.left) list.scrollLeft -= seen.left - wanted.left;
}

export function Tabs<T extends string>({ label, value, tabs, onChoose, children }: TabsProps<T>): ReactElement {
  const choose = (chosen: string): void => {
    const found = tabs.find(({ id }) => id === chosen);
    if (found !== undefined) onChoose(found.id);
  };
  return (
    <Primitive.Root value={value} onValueChange={choose} activationMode="manual">
      <Primitive.List aria-label={label} data-print="no" className="flex gap-1 overflow-x-auto border-b border-line">
        {tabs.map(({ id, title }) => (
          <Primitive.Trigger
            key={id}
            value={id}
            ref={id === value ? bringIntoSight : undefined}
            className="-mb-px whitespace-nowrap border-b-2 border-transparent px-3 py-2 text-quiet hover:text-ink data-[state=active]:border-accent data-[state=active]:text-ink"
          >
            {title}
          </Primitive.Trigger>
        ))}
      </Primitive.List>
      <Primitive.Content value={value} className="pt-3 outline-none">
        {children}
      </Primitive.Content>
    </Primitive.Root>
  );
}
