import type { Json } from '@baton/contracts';
import { type ReactElement, useEffect, useRef, useState } from 'react';
import { TextArea } from '../../parts/field.js';
import { readJson } from '../../parts/read-json.js';

interface JsonAreaProps {
  readonly label: string;
  readonly hint?: string | undefined;
  readonly error?: string | undefined;
  readonly rows: number;
  readonly value: Json | undefined;
  /** Called with what is JSON; what is not yet stays here. Undefined where nothing is written. */
  readonly onChange: (value: Json | undefined) => void;
  /** Whether what is written is JSON: what is not must not be lost by sending what was there before. */
  readonly onProblem?: (problem: string | null) => void;
}

const written = (value: Json | undefined): string => (value === undefined ? '' : JSON.stringify(value, null, 2));

/** A value as JSON, as it is typed. Where it is changed from elsewhere, it is written anew. */
export function JsonArea({ label, hint, error, rows, value, onChange, onProblem }: JsonAreaProps): ReactElement {
  const [typed, setTyped] = useState(() => ({ text: written(value), value }));
  const [problem, setProblem] = useState<string | null>(null);
  const isOurs = JSON.stringify(typed.value) === JSON.stringify(value);
  const told = useRef(onProblem);
  useEffect(() => {
    told.current = onProblem;
  });
  // What is not shown any more is not wrong any more: it was never taken.
  useEffect(() => () => told.current?.(null), []);
  const say = (next: string | null): void => {
    setProblem(next);
    onProblem?.(next);
  };
  const write = (text: string): void => {
    const read = readJson(text);
    if ('problem' in read) {
      setTyped({ text, value });
      say(read.problem);
      return;
    }
    setTyped({ text, value: read.value });
    say(null);
    onChange(read.value);
  };
  return (
    <TextArea
      label={label}
      hint={hint}
      error={problem ?? error}
      rows={rows}
      spellCheck={false}
      className="w-full rounded border border-line bg-surface px-2 py-1 font-mono text-xs"
      value={isOurs ? typed.text : written(value)}
      onChange={(event) => write(event.currentTarget.value)}
    />
  );
}
