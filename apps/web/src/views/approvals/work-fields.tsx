import { type Asked, type Json } from '@baton/contracts';
import { useQuery } from '@tanstack/react-query';
import { type ReactElement, useState } from 'react';
import { TextArea } from '../../parts/field.js';
import { JsonTree } from '../../parts/json-tree/json-tree.js';
import { readJson } from '../../parts/read-json.js';
import { WorkspaceUpload } from '../../parts/workspace-upload/workspace-upload.js';
import { workersQuery } from './approval-queries.js';

/** What a person hands in for a step that they did by hand. */
export interface Work {
  readonly output: Json | undefined;
  readonly tree: string | null;
  readonly problem: string | null;
}

interface WorkFieldsProps {
  readonly asked: Asked;
  readonly work: Work;
  readonly onChange: (work: Work) => void;
}

export function WorkFields({ asked, work, onChange }: WorkFieldsProps): ReactElement {
  const [text, setText] = useState('');
  const { data } = useQuery(workersQuery);
  const schema = data?.workers.find(({ kind, output }) => kind === asked.worker && output !== null)?.output;
  const write = (next: string): void => {
    setText(next);
    onChange({ ...work, ...outputIn(next) });
  };
  return (
    <div className="space-y-3">
      <TextArea
        label="Output, as JSON"
        hint="What the step gives: files as files, removedFiles, and what else its schema has."
        error={work.problem ?? undefined}
        rows={6}
        spellCheck={false}
        className="w-full rounded border border-line bg-surface px-2 py-1 font-mono text-xs"
        value={text}
        onChange={(event) => write(event.currentTarget.value)}
      />
      {schema == null ? null : (
        <details>
          <summary className="cursor-pointer text-quiet">What an output has to look like</summary>
          <JsonTree value={schema} label="Schema of the output" />
        </details>
      )}
      <fieldset>
        <legend className="mb-1 font-medium">Files, where the step writes files</legend>
        <WorkspaceUpload onUploaded={({ tree }) => onChange({ ...work, tree })} />
      </fieldset>
    </div>
  );
}

function outputIn(text: string): Pick<Work, 'output' | 'problem'> {
  const read = readJson(text);
  return 'problem' in read ? { output: undefined, problem: read.problem } : { output: read.value, problem: null };
}
