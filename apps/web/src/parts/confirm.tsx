import { useMutation } from '@tanstack/react-query';
import { type ReactElement, type ReactNode, useState } from 'react';
import { Button, type ButtonKind } from './button.js';
import { Dialog } from './dialog.js';
import { Refused } from './refused.js';
import { newKey } from './request-key.js';

interface ConfirmProps {
  /** On the button, and on the one that carries it out. */
  readonly label: string;
  readonly title: string;
  /** What it will do. */
  readonly children: ReactNode;
  readonly kind?: ButtonKind;
  /** Carries it out; the key makes that happen once however often it is sent. What it gives is shown, if it is a text. */
  readonly act: (idempotencyKey: string) => Promise<string | undefined>;
  readonly onDone?: () => void;
}

/** A button that says what it will do before it does it, and then what came of it. */
export function Confirm({ label, title, children, kind = 'plain', act, onDone }: ConfirmProps): ReactElement {
  const [key, setKey] = useState<string | null>(null);
  const { mutate, reset, data, error, isPending, isSuccess } = useMutation({
    mutationFn: act,
    onSuccess: (said) => {
      onDone?.();
      if (said === undefined) close();
    },
  });
  const close = (): void => {
    setKey(null);
    reset();
  };
  return (
    <>
      <Button kind={kind} onClick={() => setKey(newKey())}>
        {label}
      </Button>
      <Dialog title={title} isOpen={key !== null} onClose={close}>
        {isSuccess ? <p role="status">{data}</p> : children}
        <Refused error={error} />
        <p className="mt-4 flex justify-end gap-2">
          <Button onClick={close}>{isSuccess ? 'Close' : 'Do nothing'}</Button>
          {isSuccess ? null : (
            <Button
              kind={kind === 'plain' ? 'main' : kind}
              disabled={isPending}
              onClick={() => key !== null && mutate(key)}
            >
              {isPending ? `${label} …` : label}
            </Button>
          )}
        </p>
      </Dialog>
    </>
  );
}
