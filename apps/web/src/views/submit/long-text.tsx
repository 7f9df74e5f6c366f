import { type DragEvent, type ReactElement, type ReactNode, useId, useState } from 'react';
import { TextArea } from '../../parts/field.js';
import { bytesOf } from '../../parts/spans.js';
import { textOfFile } from './text-of-file.js';

interface LongTextProps {
  readonly label: string;
  readonly hint?: ReactNode;
  readonly error?: string | undefined;
  readonly isRequired: boolean;
  readonly value: string;
  readonly placeholder?: string | undefined;
  readonly onWrite: (text: string) => void;
}

/** A text on several lines, typed, or brought as a file: dropped onto it, or chosen. */
export function LongText({ label, hint, error, isRequired, value, placeholder, onWrite }: LongTextProps): ReactElement {
  const id = useId();
  const [problem, setProblem] = useState<string>();
  const [isOver, setOver] = useState(false);
  const take = async (file: File | undefined): Promise<void> => {
    if (file === undefined) return;
    const read = await textOfFile(file);
    setProblem('problem' in read ? read.problem : undefined);
    if ('text' in read) onWrite(read.text);
  };
  const drop = (event: DragEvent): void => {
    setOver(false);
    const [file] = event.dataTransfer.files;
    if (file === undefined) return;
    event.preventDefault();
    void take(file);
  };
  return (
    <div>
      <TextArea
        label={label}
        hint={hint}
        error={problem ?? error}
        rows={Math.min(16, Math.max(5, value.split('\n').length + 1))}
        required={isRequired}
        value={value}
        placeholder={placeholder}
        onChange={(event) => onWrite(event.currentTarget.value)}
        onDrop={drop}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        {...(isOver ? { className: 'w-full rounded border-2 border-accent bg-surface px-2 py-1' } : {})}
      />
      <p className="flex flex-wrap items-center gap-1 text-xs text-quiet">
        <label htmlFor={id}>Drop a text file onto it, or choose one:</label>
        <input
          id={id}
          type="file"
          className="min-w-0 flex-1 file:mr-2 file:rounded file:border file:border-line file:bg-surface file:px-1.5 file:text-ink"
          onChange={({ currentTarget }) => {
            void take(currentTarget.files?.[0]);
            // So that the same file can be chosen again once it was changed.
            currentTarget.value = '';
          }}
        />
        {value.length > 10_000 ? <span>{bytesOf(new Blob([value]).size)}</span> : null}
      </p>
    </div>
  );
}
