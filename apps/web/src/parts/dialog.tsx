import { Dialog as Primitive } from 'radix-ui';
import { type ReactElement, type ReactNode, useState } from 'react';
import { focusedNow, giveBack } from './given-back.js';

interface DialogProps {
  readonly title: string;
  /** What it will do, in one sentence. */
  readonly description?: ReactNode;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly isWide?: boolean;
  readonly children: ReactNode;
}

/** Asks for something before anything else goes on. Escape and a click beside it close it. */
export const Dialog = ({ isOpen, onClose, ...rest }: DialogProps): ReactElement => (
  <Primitive.Root open={isOpen} onOpenChange={(open) => (open ? undefined : onClose())}>
    <Primitive.Portal>
      <Primitive.Overlay className="fixed inset-0 z-30 bg-black/40" />
      {isOpen ? <Content {...rest} /> : null}
    </Primitive.Portal>
  </Primitive.Root>
);

function Content({
  title,
  description,
  isWide = false,
  children,
}: Omit<DialogProps, 'isOpen' | 'onClose'>): ReactElement {
  // Nothing here is a trigger that this would know of: what had the focus when it opened has it again.
  const [before] = useState(focusedNow);
  return (
    <Primitive.Content
      {...(description === undefined ? { 'aria-describedby': undefined } : {})}
      onCloseAutoFocus={(event) => {
        event.preventDefault();
        giveBack(before);
      }}
      className={`fixed top-[10vh] left-1/2 z-40 max-h-[80vh] w-[calc(100vw-2rem)] -translate-x-1/2 overflow-auto rounded-lg border border-line bg-surface p-4 shadow-xl ${isWide ? 'max-w-3xl' : 'max-w-lg'}`}
    >
      <Primitive.Title className="text-base font-semibold">{title}</Primitive.Title>
      {description === undefined ? null : (
        <Primitive.Description className="mt-1 text-quiet">{description}</Primitive.Description>
      )}
      <div className="mt-3">{children}</div>
    </Primitive.Content>
  );
}
