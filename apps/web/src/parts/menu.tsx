import { DropdownMenu } from 'radix-ui';
import type { ReactElement, ReactNode } from 'react';
import { Button } from './button.js';

const ITEM =
  'flex items-center gap-2 rounded px-2 py-1.5 outline-none select-none data-[highlighted]:bg-raised data-[disabled]:text-quiet';

interface MenuProps {
  readonly label: ReactNode;
  /** Under which end of the button it opens. */
  readonly align?: 'start' | 'end';
  readonly children: ReactNode;
}

/** A button that opens a list of things to do. */
export const Menu = ({ label, align = 'end', children }: MenuProps): ReactElement => (
  <DropdownMenu.Root modal={false}>
    <DropdownMenu.Trigger asChild>
      <Button kind="quiet">{label}</Button>
    </DropdownMenu.Trigger>
    <DropdownMenu.Portal>
      <DropdownMenu.Content
        align={align}
        sideOffset={4}
        className="z-40 min-w-44 rounded-md border border-line bg-surface p-1 shadow-lg"
      >
        {children}
      </DropdownMenu.Content>
    </DropdownMenu.Portal>
  </DropdownMenu.Root>
);

interface MenuItemProps {
  readonly onChoose: () => void;
  readonly isDisabled?: boolean;
  readonly children: ReactNode;
}

export const MenuItem = ({ onChoose, isDisabled = false, children }: MenuItemProps): ReactElement => (
  <DropdownMenu.Item className={ITEM} disabled={isDisabled} onSelect={onChoose}>
    {children}
  </DropdownMenu.Item>
);

/** A link, as one of the things to choose. */
export const MenuLink = ({ children }: { readonly children: ReactElement }): ReactElement => (
  <DropdownMenu.Item asChild className={`${ITEM} aria-[current=page]:font-semibold`}>
    {children}
  </DropdownMenu.Item>
);

/** A line that can be read and not chosen. */
export const MenuLine = ({ children }: { readonly children: ReactNode }): ReactElement => (
  <DropdownMenu.Label className="px-2 py-1 text-xs text-quiet">{children}</DropdownMenu.Label>
);

interface MenuChoiceProps<T extends string> {
  readonly value: T;
  /** What each is called. */
  readonly choices: readonly (readonly [T, string])[];
  readonly onChoose: (value: T) => void;
}

/** One of several, the present one marked. */
export function MenuChoice<T extends string>({ value, choices, onChoose }: MenuChoiceProps<T>): ReactElement {
  const choose = (chosen: string): void => {
    const found = choices.find(([each]) => each === chosen);
    if (found !== undefined) onChoose(found[0]);
  };
  return (
    <>
      <DropdownMenu.Separator className="my-1 h-px bg-line" />
      <DropdownMenu.RadioGroup value={value} onValueChange={choose}>
        {choices.map(([each, title]) => (
          <DropdownMenu.RadioItem key={each} value={each} className={ITEM} onSelect={(event) => event.preventDefault()}>
            <span className="w-3" aria-hidden="true">
              {each === value ? '✓' : ''}
            </span>
            {title}
          </DropdownMenu.RadioItem>
        ))}
      </DropdownMenu.RadioGroup>
      <DropdownMenu.Separator className="my-1 h-px bg-line" />
    </>
  );
}
