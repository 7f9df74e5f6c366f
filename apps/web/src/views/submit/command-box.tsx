import { type ReactElement, useState } from 'react';
import { Button } from '../../parts/button.js';
import { copyText } from '../../parts/copy-text.js';
import { beginningOf, seen } from '../../parts/plain-text.js';
import { Scrollable } from '../../parts/scrollable.js';

interface CommandBoxProps {
  readonly title: string;
  readonly command: string;
}

/** It is written anew with each key that is pressed. */
const MOST_SHOWN = 4_000;

/** A command that does the same, to copy. */
export function CommandBox({ title, command }: CommandBoxProps): ReactElement {
  const [said, setSaid] = useState<string | null>(null);
  const shown = beginningOf(command, MOST_SHOWN);
  const copy = async (): Promise<void> => {
    setSaid((await copyText(command)) ? 'Copied.' : 'The browser does not let it be copied: select it.');
  };
  return (
    <section>
      <div className="mb-1 flex items-center justify-between gap-2">
        <h2 className="font-medium">{title}</h2>
        <span className="flex items-center gap-2 text-xs text-quiet">
          <span role="status">{said}</span>
          <Button aria-label={`Copy the command with ${title}`} onClick={() => void copy()}>
            Copy
          </Button>
        </span>
      </div>
      <Scrollable label={`Command with ${title}`}>
        <pre className="rounded border border-line bg-raised p-2 font-mono text-xs break-words whitespace-pre-wrap">
          {seen(shown.text)}
        </pre>
      </Scrollable>
      {shown.isCut ? <p className="text-xs text-quiet">The beginning of it; all of it is copied.</p> : null}
    </section>
  );
}
