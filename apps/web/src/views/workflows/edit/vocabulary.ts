import type { JsonObject } from '@baton/contracts';
import type { Schemas } from '../../../api/api.js';
import type { Known, Named } from './named.js';
import { isSchema } from './schema-at.js';

/** The schema of a document, and what this Baton has by the names that stand in it. */
export interface Vocabulary {
  readonly schema: object;
  readonly known: Known;
}

type Worker = Pick<Schemas['WorkerView'], 'kind' | 'description' | 'input'>;
type Workflow = Pick<Schemas['WorkflowSummary'], 'name' | 'title'>;
type Template = Pick<Schemas['TemplateView'], 'id' | 'agent' | 'title'>;

const RESOURCE = 'baton:worker:';

export function vocabularyOf(
  schema: JsonObject,
  workers: readonly Worker[],
  workflows: readonly Workflow[],
  templates: readonly Template[],
): Vocabulary {
  return {
    schema: withArguments(schema, workers),
    known: {
      worker: byName(
        workers.map(({ kind, description }) => ({ name: RESOURCE + kind, detail: 'worker', info: description })),
      ),
      workflow: byName(
        workflows.map(({ name, title }) => ({ name: `baton:workflow:${name}`, detail: 'workflow', info: title ?? '' })),
      ),
      template: byName(templates.map(({ id, agent, title }) => ({ name: id, detail: agent, info: title }))),
    },
  };
}

/** Workers of a kind, versions of a workflow and variants of a template are many; the newest are listed first. */
function byName(all: readonly Named[]): readonly Named[] {
  const found = new Map<string, Named>();
  for (const each of all) if (!found.has(each.name)) found.set(each.name, each);
  return [...found.values()].toSorted((one, other) => (one.name < other.name ? -1 : 1));
}

/** What a worker says that it takes is what the Arguments of its tasks are. */
function withArguments(schema: JsonObject, workers: readonly Worker[]): object {
  const { $defs } = schema;
  const task = isSchema($defs) ? $defs['JSONata.Task'] : undefined;
  if (!isSchema(task)) return schema;
  const hints = workers.flatMap(({ kind, input }) =>
    input === null
      ? []
      : [
          {
            if: { properties: { Resource: { const: RESOURCE + kind } }, required: ['Resource'] },
            // biome-ignore lint/suspicious/noThenProperty: the word of JSON Schema
            then: { properties: { Arguments: { ...input, $id: `urn:baton:worker:${kind}` } } },
          },
        ],
  );
  const allOf = Array.isArray(task.allOf) ? task.allOf : [];
  return { ...schema, $defs: { ...($defs as object), 'JSONata.Task': { ...task, allOf: [...allOf, ...hints] } } };
}
