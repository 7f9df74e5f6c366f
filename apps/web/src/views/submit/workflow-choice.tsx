import type { ReactElement } from 'react';
import { Select } from '../../parts/field.js';
import { seen } from '../../parts/plain-text.js';
import type { Listed } from './submit-queries.js';

interface WorkflowChoiceProps {
  readonly workflows: ReadonlyMap<string, readonly Listed[]>;
  readonly name: string;
  /** Null: the newest. */
  readonly version: string | null;
  readonly onChoose: (ref: string) => void;
}

/** Which workflow, and which version of it: a run keeps the version that it began with. */
export function WorkflowChoice({ workflows, name, version, onChoose }: WorkflowChoiceProps): ReactElement {
  const versions = workflows.get(name) ?? [];
  const [newest] = versions;
  return (
    <div className="grid gap-3 sm:grid-cols-[2fr_1fr]">
      <Select
        label="Workflow"
        hint={seen(newest?.title ?? '')}
        value={name}
        onChange={(event) => onChoose(event.currentTarget.value)}
      >
        {workflows.has(name) ? null : <option value={name}>{name}</option>}
        {[...workflows.keys()].map((each) => (
          <option key={each} value={each}>
            {each}
          </option>
        ))}
      </Select>
      <Select
        label="Version"
        value={version ?? ''}
        onChange={({ currentTarget: { value } }) => onChoose(value === '' ? name : `${name}@${value}`)}
      >
        <option value="">{newest === undefined ? 'newest' : `newest (${newest.version})`}</option>
        {versions.map((each) => (
          <option key={each.version} value={each.version}>
            {each.version}
          </option>
        ))}
      </Select>
    </div>
  );
}
