import { Dialog as Primitive } from 'radix-ui';
import type { ReactElement, ReactNode } from 'react';

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
export const Dialog = ({
  title,
  description,
  isOpen,
  onClose,
  isWide = false,
  children,
}: DialogProps): ReactElement => (
  <Primitive.Root open={isOpen} onOpenChange={(open) => (open ? undefined : onClose())}>
    <Primitive.Portal>
      <Primitive.Overlay className="fixed inset-0 z-30 bg-black/40" />
      <Primitive.Content
        {...(description === undefined ? { 'aria-describedby': undefined } : {})}
        className={`fixed top-[10vh] left-1/2 z-40 max-h-[80vh] w-[calc(100vw-2rem)] -translate-x-1/2 overflow-auto rounded-lg border border-line bg-surface p-4 shadow-xl ${isWide ? 'max-w-3xl' : 'max-w-lg'}`}
      >
        <Primitive.Title className="text-base font-semibold">{title}</Primitive.Title>
        {description === undefined ? null : (
          <Primitive.Description className="mt-1 text-quiet">{description}</Primitive.Description>
        )}
        <div className="mt-3">{children}</div>
      </Primitive.Content>
    </Primitive.Portal>
  </Primitive.Root>
);
