import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactElement, type ReactNode, useState } from 'react';
import { Button, type ButtonKind } from '../../parts/button.js';
import { Dialog } from '../../parts/dialog.js';
import { Refused } from '../../parts/refused.js';
import { newRequestKey } from './request-key.js';

interface ConfirmedProps<T> {
  /** On the button, and on the one that confirms. */
  readonly action: string;
  readonly title: string;
  /** What it will do, in one sentence. */
  readonly description: ReactNode;
  readonly kind?: ButtonKind;
  /** The same key for each try of one wish. */
  readonly run: (requestKey: string) => Promise<T>;
  /** Keys of queries that are out of date afterwards. */
  readonly stale: readonly (readonly unknown[])[];
  /** What came of it; without it the dialog closes. */
  readonly result?: (done: T) => ReactNode;
  readonly children?: ReactNode;
}

/** Something that changes something: asked for once, confirmed, and what came of it said. */
export function Confirmed<T>(props: ConfirmedProps<T>): ReactElement {
  const { action, title, description, kind = 'plain', run, stale, result, children } = props;
  const [requestKey, setRequestKey] = useState<string | null>(null);
  const queries = useQueryClient();
  const close = (): void => setRequestKey(null);
  const { mutate, reset, data, error, isPending, isSuccess } = useMutation({
    mutationFn: run,
    onSuccess: async () => {
      if (result === undefined) close();
      await Promise.all(stale.map((queryKey) => queries.invalidateQueries({ queryKey })));
    },
  });
  const open = (): void => {
    reset();
    setRequestKey(newRequestKey());
  };
  const isDone = isSuccess && result !== undefined;
  return (
    <>
      <Button kind={kind === 'main' ? 'main' : 'plain'} onClick={open}>
        {action}
      </Button>
      <Dialog title={title} isOpen={requestKey !== null} onClose={close} {...(isDone ? {} : { description })}>
        {isDone ? (
          <div role="status">{result(data)}</div>
        ) : (
          <form
            className="space-y-3"
            onSubmit={(event) => {
              event.preventDefault();
              if (requestKey !== null) mutate(requestKey);
            }}
          >
            {children}
            <Refused error={error} />
            <div className="flex gap-2">
              <Button type="submit" kind={kind === 'danger' ? 'danger' : 'main'} disabled={isPending}>
                {action}
              </Button>
              <Button onClick={close}>Leave it</Button>
            </div>
          </form>
        )}
        {isDone ? (
          <p className="mt-3">
            <Button onClick={close}>Close</Button>
          </p>
        ) : null}
      </Dialog>
    </>
  );
}
