import { type ReactElement, useState } from 'react';
import { Button } from './button.js';

/** Puts a text on the clipboard, and says that it did. */
export function Copy({ text, label = 'Copy' }: { readonly text: string; readonly label?: string }): ReactElement {
  const [said, setSaid] = useState<string | null>(null);
  const copy = async (): Promise<void> => {
    // A page that came without TLS from another machine has no clipboard.
    const isCopied = await navigator.clipboard?.writeText(text).then(
      () => true,
      () => false,
    );
    setSaid(isCopied === true ? 'Copied' : 'Not allowed here: select it');
    setTimeout(() => setSaid(null), 2_000);
  };
  return <Button onClick={() => void copy()}>{said ?? label}</Button>;
}
