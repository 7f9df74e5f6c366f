import { Tooltip } from 'radix-ui';
import type { ReactElement } from 'react';

interface HintProps {
  readonly text: string;
  /** What it is about: one element that can have the focus. */
  readonly children: ReactElement;
}

/** A sentence about something, on hover and on focus. */
export const Hint = ({ text, children }: HintProps): ReactElement => (
  <Tooltip.Root>
    <Tooltip.Trigger asChild>{children}</Tooltip.Trigger>
    <Tooltip.Portal>
      <Tooltip.Content
        side="top"
        sideOffset={4}
        collisionPadding={8}
        className="z-50 max-w-sm rounded border border-line bg-surface px-2 py-1 text-xs shadow-lg"
      >
        {text}
      </Tooltip.Content>
    </Tooltip.Portal>
  </Tooltip.Root>
);
