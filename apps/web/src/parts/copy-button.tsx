import { type ReactElement, type ReactNode, useState } from 'react';
import { Button, type ButtonKind } from './button.js';
import { copyText } from './copy-text.js';

interface CopyButtonProps {
  readonly children: ReactNode;
  /** Made when it is asked for: it may be long. */
  readonly text: () => string;
  readonly kind?: ButtonKind;
  readonly className?: string;
}

const SAID_MS = 2_000;

/** Puts a text where one pastes from, and says whether that was allowed. */
export function CopyButton({ children, text, kind = 'plain', className = '' }: CopyButtonProps): ReactElement {
  const [said, setSaid] = useState<string | null>(null);
  const copy = async (): Promise<void> => {
    setSaid((await copyText(text())) ? 'Copied' : 'Not allowed here: select it');
    setTimeout(() => setSaid(null), SAID_MS);
  };
  return (
    <Button kind={kind} className={className} onClick={() => void copy()}>
      {said ?? children}
      <span role="status" className="sr-only">
        {said}
      </span>
    </Button>
  );
}
