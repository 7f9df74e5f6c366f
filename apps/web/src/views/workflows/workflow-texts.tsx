import { type ReactElement, useMemo } from 'react';
import { Text } from '../../parts/text.js';
import { yamlOf } from './definition-of.js';
import type { WorkflowTabProps } from './workflow-tabs.js';

export function DocumentText({ workflow }: WorkflowTabProps): ReactElement {
  const text = useMemo(() => yamlOf(workflow.document), [workflow]);
  return (
    <>
      <p className="mb-2 break-all text-quiet">
        As YAML, without the comments that it was written with. SHA-256 {workflow.sha256}
      </p>
      <Text label={`${workflow.name}-${workflow.version}.yaml`} text={text} />
    </>
  );
}

export function InputText({ workflow }: WorkflowTabProps): ReactElement {
  const { input } = workflow.document;
  const text = useMemo(() => JSON.stringify(input, null, 2), [input]);
  if (input === undefined) return <p className="text-quiet">It takes any input: its document has no schema for it.</p>;
  return (
    <>
      <p className="mb-2 text-quiet">The JSON Schema that the input of a run has to satisfy.</p>
      <Text label={`Input of ${workflow.name}`} text={text} />
    </>
  );
}
