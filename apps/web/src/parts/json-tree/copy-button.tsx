import { type ReactElement, type ReactNode, useState } from 'react';
import { Button } from '../button.js';

interface CopyButtonProps {
  readonly children: ReactNode;
  /** Made when it is asked for: it may be long. */
  readonly text: () => string;
}

/** Puts a text where one pastes from, and says whether that was allowed. */
export function CopyButton({ children, text }: CopyButtonProps): ReactElement {
  const [said, setSaid] = useState<string | null>(null);
  const say = (word: string): void => {
    setSaid(word);
    setTimeout(() => setSaid(null), 1_500);
  };
  const copy = (): void => {
    // Missing where the page is not served over TLS, nor by this machine.
    const written = navigator.clipboard?.writeText(text()) ?? Promise.reject(new Error('no clipboard'));
    void written.then(
      () => say('Copied'),
      () => say('Not allowed here'),
    );
  };
  return (
    <Button kind="quiet" className="text-xs text-quiet" onClick={copy}>
      {said ?? children}
      <span role="status" className="sr-only">
        {said}
      </span>
    </Button>
  );
}
