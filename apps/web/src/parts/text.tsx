import { type ReactElement, useState } from 'react';
import { Button } from './button.js';
import { beginningOf, seen } from './plain-text.js';
import { saveFile } from './save-file.js';
import { Scrollable } from './scrollable.js';
import { countOf } from './spans.js';

const FIRST = 20_000;
/** What a browser lays out at once without standing still; the whole is there by download. */
const MOST = 400_000;

interface TextProps {
  readonly text: string;
  readonly label: string;
}

/** A text of anybody, as it was written; long ones first by their beginning. */
export function Text({ text, label }: TextProps): ReactElement {
  const [isWhole, setWhole] = useState(false);
  const shown = beginningOf(text, isWhole ? MOST : FIRST);
  return (
    <div>
      <Scrollable label={label}>
        <pre className="rounded border border-line bg-raised p-2 font-mono text-xs break-words whitespace-pre-wrap">
          {seen(shown.text)}
        </pre>
      </Scrollable>
      {shown.isCut ? (
        <p className="mt-1 flex items-center gap-2 text-xs text-quiet">
          The first {countOf(shown.text.length)} of {countOf(text.length)} characters.
          {isWhole ? null : <Button onClick={() => setWhole(true)}>Show more</Button>}
          <Button onClick={() => saveFile([text], `${label.replaceAll(/[^\w.-]+/g, '-')}.txt`, 'text/plain')}>
            Download all of it
          </Button>
        </p>
      ) : null}
    </div>
  );
}
