import type { Json, JsonObject } from '@baton/contracts';
import { useQuery } from '@tanstack/react-query';
import { type ReactElement, useState } from 'react';
import { Button } from '../../parts/button.js';
import { Select } from '../../parts/field.js';
import { seen } from '../../parts/plain-text.js';
import { WorkspaceUpload } from '../../parts/workspace-upload/workspace-upload.js';
import { isObject } from './schema-fields.js';
import { lineagesQuery } from './submit-queries.js';

interface WorkspaceSectionProps {
  readonly value: Json | undefined;
  readonly takesLineage: boolean;
  /** `isShared`: the run lands on a lineage. */
  readonly onChange: (workspace: JsonObject | undefined, isShared: boolean) => void;
  readonly error: string | undefined;
}

const WAYS = { none: 'No workspace', upload: 'Upload files', lineage: 'Go on from a lineage' } as const;
type Way = keyof typeof WAYS;
const isWay = (word: string): word is Way => Object.hasOwn(WAYS, word);

/** The files that a run works on: none, some that are uploaded now, or the head of a lineage. */
export function WorkspaceSection({ value, takesLineage, onChange, error }: WorkspaceSectionProps): ReactElement {
  const [way, setWay] = useState<Way>('none');
  const choose = (next: string): void => {
    if (!isWay(next)) return;
    setWay(next);
    onChange(undefined, false);
  };
  return (
    <fieldset>
      <legend className="mb-1 font-medium">Workspace</legend>
      {error === undefined ? null : <p className="mb-1 text-xs text-bad">{error}</p>}
      {isObject(value) ? (
        <p className="flex flex-wrap items-center gap-2">
          <span className="min-w-0 break-words">{seen(wordsOf(value))}</span>
          <Button onClick={() => choose('none')}>Take another, or none</Button>
        </p>
      ) : (
        <div className="space-y-2">
          <Select
            label="Where the files are from"
            isLabelHidden
            value={way}
            onChange={(event) => choose(event.currentTarget.value)}
          >
            <option value="none">{WAYS.none}</option>
            <option value="upload">{WAYS.upload}</option>
            {takesLineage ? <option value="lineage">{WAYS.lineage}</option> : null}
          </Select>
          {way === 'upload' ? (
            <WorkspaceUpload
              onUploaded={({ tree, name }) => onChange({ tree, ...(name === null ? {} : { name }) }, false)}
            />
          ) : null}
          {way === 'lineage' ? <LineageChoice onChoose={(workspace) => onChange(workspace, true)} /> : null}
        </div>
      )}
    </fieldset>
  );
}

function wordsOf({ tree, name, lineage }: JsonObject): string {
  const what = `Version ${String(tree).slice(0, 12)}${typeof name === 'string' ? ` of ${name}` : ''}`;
  return typeof lineage === 'string' ? `${what}, to land on the lineage ${lineage}` : what;
}

function LineageChoice({ onChoose }: { readonly onChoose: (workspace: JsonObject) => void }): ReactElement {
  const { data, error } = useQuery(lineagesQuery);
  if (error !== null) return <p className="text-bad">{error.message}</p>;
  if (data?.lineages.length === 0) {
    return (
      <p className="text-quiet">
        There is no lineage. <code className="font-mono">baton run submit --workspace DIR --shared NAME</code> makes
        one.
      </p>
    );
  }
  return (
    <Select
      label="Lineage"
      hint="The run begins from its head, and lands on it."
      value=""
      onChange={({ currentTarget: { value } }) => {
        const found = data?.lineages.find(({ name }) => name === value);
        if (found !== undefined) onChoose({ ...found.workspace, tree: found.head.tree, lineage: found.name });
      }}
    >
      <option value="">{data === undefined ? 'Loading …' : 'Choose one'}</option>
      {data?.lineages.map(({ name, head }) => (
        <option key={name} value={name}>
          {name}, version {head.number}
        </option>
      ))}
    </Select>
  );
}
