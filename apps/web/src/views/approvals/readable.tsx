import { isJsonObject, type Json } from '@baton/contracts';
import { type ReactElement, useState } from 'react';
import { Button } from '../../parts/button.js';
import { JsonTree } from '../../parts/json-tree/json-tree.js';
import { beginningOf, seen } from '../../parts/plain-text.js';
import { countOf } from '../../parts/spans.js';

const DEEP = 4;
const MANY = 30;
const LONG = 2_000;

/** A value as names and what they hold; what is deep in it as JSON. */
export function Readable({ value, depth = 0 }: { readonly value: Json; readonly depth?: number }): ReactElement {
  if (depth > DEEP && typeof value === 'object' && value !== null) return <JsonTree value={value} label="Value" />;
  if (Array.isArray(value)) return <List values={value} depth={depth} />;
  if (isJsonObject(value)) return <Members value={value} depth={depth} />;
  return <Words text={typeof value === 'string' ? value : JSON.stringify(value)} />;
}

function Words({ text }: { readonly text: string }): ReactElement {
  const [isWhole, setWhole] = useState(false);
  const shown = isWhole ? { text, isCut: false } : beginningOf(text, LONG);
  return (
    <span className="break-words whitespace-pre-wrap">
      {seen(shown.text)}
      {shown.isCut ? <Button onClick={() => setWhole(true)}>Show all {countOf(text.length)} characters</Button> : null}
    </span>
  );
}

function List({ values, depth }: { readonly values: readonly Json[]; readonly depth: number }): ReactElement {
  const [isWhole, setWhole] = useState(false);
  if (values.length === 0) return <span className="text-quiet">none</span>;
  if (values.every((each) => typeof each !== 'object' && String(each).length < 40) && values.length <= MANY)
    return <span className="break-words">{seen(values.map(String).join(', '))}</span>;
  const shown = isWhole ? values : values.slice(0, MANY);
  return (
    <>
      <ul className="list-disc space-y-0.5 pl-4">
        {shown.map((each, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: what was asked does not change
          <li key={at}>
            <Readable value={each} depth={depth + 1} />
          </li>
        ))}
      </ul>
      {shown.length < values.length ? (
        <Button onClick={() => setWhole(true)}>Show all {countOf(values.length)}</Button>
      ) : null}
    </>
  );
}

function Members({ value, depth }: { readonly value: Readonly<Record<string, Json>>; readonly depth: number }) {
  const members = Object.entries(value);
  if (members.length === 0) return <span className="text-quiet">none</span>;
  return (
    <dl className={depth === 0 ? 'grid gap-x-4 gap-y-1.5 sm:grid-cols-[minmax(6rem,max-content)_1fr]' : 'space-y-0.5'}>
      {members.map(([name, each]) => (
        <div key={name} className={depth === 0 ? 'contents' : ''}>
          <dt className={`text-quiet ${depth === 0 ? '' : 'mr-1.5 inline'}`}>{seen(name)}</dt>
          <dd className={depth === 0 || typeof each === 'object' ? 'min-w-0' : 'inline'}>
            <Readable value={each} depth={depth + 1} />
          </dd>
        </div>
      ))}
    </dl>
  );
}
