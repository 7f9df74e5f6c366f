import { AGENT_WORKERS, didYouMean, type Json, type WorkflowFinding } from '@baton/contracts';
import type { WorkflowDocument } from '@baton/workflow';
import { workerTasksOf } from '../queues/worker-kinds.js';
import type { KnownTemplates } from './known-templates.js';

/*
 * The templates that a document names, held to those that ship. One that does not may still be in the prompts folder of a
 * worker, so it is a warning; one that ships for another worker, or with another answer, can never fit.
 */

/** The workers that go by a template. What a template means to a worker of somebody else's is theirs to say. */
const BY_TEMPLATE: ReadonlySet<string> = new Set(AGENT_WORKERS);

export function checkTemplates(document: WorkflowDocument, known: KnownTemplates): readonly WorkflowFinding[] {
  const { steps = {}, decisions } = document;
  const tasks = workerTasksOf(document).filter(({ kind }) => BY_TEMPLATE.has(kind));
  const kinds = new Map(tasks.map(({ name, kind }) => [name, kind]));
  const ofSteps = Object.entries(steps).flatMap(([state, { template, alternateTemplate }]) => {
    const kind = kinds.get(state);
    if (kind === undefined) return [];
    const at = `/steps/${state.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    return [
      ...checkOne(template, kind, known, `${at}/template`),
      ...checkOne(alternateTemplate, kind, known, `${at}/alternateTemplate`),
      ...checkOther(template, alternateTemplate, known, `${at}/alternateTemplate`),
    ];
  });
  const ofStates = tasks.flatMap(({ pointer, kind, state }) =>
    FIELDS.flatMap((field) => checkOne(literalTemplate(state[field]), kind, known, `${pointer}/${field}/template`)),
  );
  return [
    ...ofSteps,
    ...ofStates,
    ...checkOne(decisions?.advice?.template, 'advisor', known, '/decisions/advice/template'),
  ];
}

const FIELDS = ['Arguments', 'Parameters'] as const;

/** What an expression gives is known when the task is. */
function literalTemplate(given: Json | undefined): string | undefined {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return undefined;
  const template = Object.entries(given).find(([name]) => name === 'template')?.[1];
  return typeof template === 'string' && !template.trimStart().startsWith('{%') ? template : undefined;
}

function checkOne(
  id: string | undefined,
  kind: string,
  known: KnownTemplates,
  pointer: string,
): readonly WorkflowFinding[] {
  if (id === undefined || known.size === 0) return [];
  const facts = known.get(id);
  if (facts !== undefined && facts.agent === kind) return [];
  if (facts !== undefined) {
    return [error(pointer, `the template ${id} is for the ${facts.agent}, and this goes to the ${kind}`)];
  }
  const own = [...known].filter(([, { agent }]) => agent === kind).map(([name]) => name);
  const message = `no template ${id} ships: it has to be in the prompts folder of the ${kind} (BATON_PROMPTS_DIR).${didYouMean(id, own)}`;
  return [{ severity: 'warning', pointer, code: 'unknown-template', message }];
}

/** Trying again with the other template changes nothing where it is the same, and breaks where its answer is another one. */
function checkOther(
  template: string | undefined,
  other: string | undefined,
  known: KnownTemplates,
  pointer: string,
): readonly WorkflowFinding[] {
  if (template === undefined || other === undefined) return [];
  if (template === other) {
    const message = `is the template of the step itself, so trying again with it changes nothing`;
    return [{ severity: 'warning', pointer, code: 'same-template', message }];
  }
  const [one, two] = [known.get(template), known.get(other)];
  if (one === undefined || two === undefined || one.agent !== two.agent || one.output === two.output) return [];
  return [
    error(
      pointer,
      `${other} gives ${two.output}, and ${template} gives ${one.output}: they cannot stand in for one another`,
    ),
  ];
}

const error = (pointer: string, message: string): WorkflowFinding => ({
  severity: 'error',
  pointer,
  code: 'template-misfit',
  message,
});
