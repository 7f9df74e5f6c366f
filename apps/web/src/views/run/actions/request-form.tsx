import { GatewayRefused } from '@baton/client';
import { BatonError } from '@baton/contracts';
import type { FormEvent, ReactElement, ReactNode } from 'react';
import { Button } from '../../../parts/button.js';

interface RequestFormProps {
  /** What the button says: the thing that is done. */
  readonly verb: string;
  readonly isDangerous?: boolean;
  /** Whether what was typed cannot be sent. */
  readonly isWrong?: boolean;
  readonly isSending: boolean;
  readonly error: Error | null;
  readonly onSend: () => void;
  readonly onClose: () => void;
  readonly children?: ReactNode;
}

/** What a dialog asks for, the way out, and the button that does it; a refusal in the gateway's words. */
export function RequestForm(props: RequestFormProps): ReactElement {
  const { verb, isDangerous = false, isWrong = false, isSending, error, onSend, onClose, children } = props;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (!isWrong && !isSending) onSend();
  };
  return (
    <form onSubmit={submit} className="space-y-3">
      {children}
      {error === null ? null : <Refusal error={error} />}
      <div className="flex justify-end gap-2">
        <Button kind="quiet" onClick={onClose}>
          Leave it
        </Button>
        <Button type="submit" kind={isDangerous ? 'danger' : 'main'} disabled={isWrong || isSending}>
          {isSending ? 'Sending …' : verb}
        </Button>
      </div>
    </form>
  );
}

/** Why not, what to do, and where in what was sent. */
export const Refusal = ({ error }: { readonly error: Error }): ReactElement => (
  <div role="alert" className="rounded border border-bad bg-bad-soft p-2 text-bad">
    <p>
      {error.message}
      {error instanceof BatonError ? ` ${error.next}` : ''}
    </p>
    {error instanceof GatewayRefused && error.errors.length > 0 ? (
      <ul className="mt-1 list-disc pl-5">
        {error.errors.map(({ pointer, detail }) => (
          <li key={`${pointer} ${detail}`} className="break-words">
            <code className="font-mono text-xs">{pointer}</code> {detail}
          </li>
        ))}
      </ul>
    ) : null}
  </div>
);
