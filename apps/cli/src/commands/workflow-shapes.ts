import type { JsonObject, WorkflowFinding, WorkflowSummary, WorkflowView } from '@baton/contracts';
import { timeOf } from '../durations.js';
import type { Columns } from '../output.js';
import { formatFacts, printable } from '../table.js';

import type { WorkflowFile } from './workflow-file.js';

/** How workflows and what is found in them read as text. */

export const workflowColumns: Columns<WorkflowSummary> = {
  headings: ['WORKFLOW', 'VERSION', 'SOURCE', 'PUBLISHED', 'TITLE'],
  row: ({ name, version, source, publishedAt, title, problem }) => [
    name,
    version,
    source,
    publishedAt === null ? '-' : timeOf(publishedAt),
    problem ?? title ?? '',
  ],
};

export const workflowLines = ({ document, publishedBy, publishedAt, ...workflow }: WorkflowView): readonly string[] => {
  const { description } = document;
  return formatFacts([
    ['workflow', `${workflow.name}@${workflow.version}`],
    ['title', workflow.title ?? ''],
    ...(typeof description === 'string' ? ([['about', description]] as const) : []),
    [
      'source',
      publishedAt === null
        ? 'shipped'
        : `published ${timeOf(publishedAt)}${publishedBy === null ? '' : ` by ${publishedBy.type}:${publishedBy.id}`}`,
    ],
    ['sha256', workflow.sha256],
    ['input', inputOf(document)],
  ]);
};

/** The names of the input's properties; those that must be given have a star. */
function inputOf({ input }: JsonObject): string {
  const { properties, required } = isObject(input) ? input : {};
  if (!isObject(properties)) return 'any object';
  const needed: readonly unknown[] = Array.isArray(required) ? required : [];
  return Object.keys(properties)
    .map((name) => (needed.includes(name) ? `${name}*` : name))
    .join(', ');
}

const isObject = (value: JsonObject[string] | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** `FILE:LINE:COLUMN /pointer severity: message`, as editors and terminals find their way from. */
export function findingLine(file: WorkflowFile, { pointer, severity, message }: WorkflowFinding): string {
  const { line, column } = file.placeOf(pointer);
  return printable(`${file.name}:${line}:${column} ${pointer === '' ? '/' : pointer} ${severity}: ${message}`);
}
