import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, type ReactElement, type ReactNode, useState } from 'react';
import { Button } from '../../parts/button.js';
import { Dialog } from '../../parts/dialog.js';
import { Refused } from '../../parts/refused.js';
import { useRequestKeys } from '../../parts/request-key.js';

interface CreateInDialogProps<Body, Made> {
  /** Of the button and the dialog, such as `New rule`. */
  readonly title: string;
  /** What is asked for again once it is made. */
  readonly queryKey: readonly string[];
  /** What the form says; null where that cannot be sent, which the form shows itself. */
  readonly read: (form: FormData) => Body | null;
  /** @param key the same for as long as the form says the same and was not answered */
  readonly create: (body: Body, key: string) => Promise<Made>;
  /** What is shown in place of the form once it is made. Absent: the dialog closes. */
  readonly shown?: (made: Made) => ReactNode;
  readonly onClose?: () => void;
  /** The fields of the form. */
  readonly children: ReactNode;
}

/** A button that opens a form in a dialog, and makes what it says, once. */
export function CreateInDialog<Body, Made>(props: CreateInDialogProps<Body, Made>): ReactElement {
  const { title, queryKey, read, create, shown, onClose, children } = props;
  const queries = useQueryClient();
  const [isOpen, setOpen] = useState(false);
  const { keyFor, forget } = useRequestKeys();
  const { mutate, reset, data, error, isPending } = useMutation({
    mutationFn: (body: Body) => create(body, keyFor(body)),
    onSuccess: async () => {
      // What is made by the same words from now on is another one: this one may have been removed by then.
      forget();
      if (shown === undefined) close();
      await queries.invalidateQueries({ queryKey });
    },
  });
  const close = (): void => {
    setOpen(false);
    onClose?.();
    reset();
  };
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const body = read(new FormData(event.currentTarget));
    if (body !== null) mutate(body);
  };
  return (
    <>
      <Button onClick={() => setOpen(true)}>{title}</Button>
      <Dialog title={title} isOpen={isOpen} onClose={close}>
        {data === undefined || shown === undefined ? (
          <form onSubmit={submit} className="space-y-3">
            {children}
            <Refused error={error} />
            <Button kind="main" type="submit" disabled={isPending}>
              Create
            </Button>
          </form>
        ) : (
          <>
            {shown(data)}
            <p className="mt-3 text-right">
              <Button onClick={close}>Done</Button>
            </p>
          </>
        )}
      </Dialog>
    </>
  );
}
