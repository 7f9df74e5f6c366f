import type { Json, JsonObject } from '@baton/contracts';
import { parseWorkflowDocument, WorkflowDocument } from '@baton/workflow';
import { BEGIN, badPipeline, chainOf, DONE, type Link, returnsOf } from './chain.js';
import type { PipelineFacts, PipelineStep } from './pipeline-step.js';
import { statesOf } from './step-states.js';

/**
 * The workflow document of a plain chain of steps: each goes on to the next one, and the run's output is the last one's
 * result, unless they say otherwise. It is plain data, the same as a document that was written by hand.
 * Throws BatonError `bad-pipeline` for a chain that has no steps, two of one name, a target that is none, a step that
 * nothing leads to, or anything the check of a document finds.
 * @example
 * pipeline({ name: 'letter', version: '1.0.0', title: 'A letter' }, [
 *   { name: 'Draft', worker: 'prompt', arguments: { prompt: 'Draft it.\n\n{{facts}}', variables: { facts: '{% $input.facts %}' } } },
 *   { name: 'Polish', worker: 'prompt', arguments: { prompt: 'Polish it.\n\n{{draft}}', variables: { draft: '{% $draft.text %}' } } },
 * ])
 */
export function pipeline<const Name extends string>(
  facts: PipelineFacts,
  steps: readonly PipelineStep<Name>[],
): WorkflowDocument {
  const links = chainOf(steps);
  const { name, version, title, description, input, budget } = facts;
  const parsed = parseWorkflowDocument({
    name,
    version,
    title,
    ...(description === undefined ? {} : { description }),
    ...(input === undefined ? {} : { input }),
    decisions: SLOW_STEPS,
    steps: Object.fromEntries(links.map(({ step }, index) => [step.name, shownStep(step, index)])),
    definition: definitionOf(facts, links),
    ...(budget === undefined ? {} : { budget }),
  });
  if (parsed.ok && parsed.findings.length === 0) return parsed.document;
  const { pointer = '', message = '' } = parsed.findings[0] ?? {};
  throw badPipeline(
    `at ${pointer === '' ? 'the top' : pointer}: ${message}`,
    'The pointer is into the document it would give.',
  );
}

/** A step that was too slow gets twice the time, never the same limit again. */
const SLOW_STEPS = { recovery: { strategies: ['extended_timeout'] } };

const shownStep = ({ name, title, template }: PipelineStep, index: number) => ({
  number: index + 1,
  title: title ?? name,
  ...(template === undefined ? {} : { template }),
});

function definitionOf(facts: PipelineFacts, links: readonly Link[]): JsonObject {
  const last = links.at(-1)?.variable ?? '';
  const entries = new Map(links.map(({ step, entry }) => [step.name, entry]));
  return {
    QueryLanguage: 'JSONata',
    StartAt: BEGIN,
    States: {
      [BEGIN]: { Type: 'Pass', Assign: firstVariables(facts, links), Output: {}, Next: links[0]?.entry ?? DONE },
      ...Object.assign({}, ...links.map((link) => statesOf(link, facts, entries))),
      [DONE]: { Type: 'Succeed', Output: facts.output ?? `{% $${last} %}` },
    },
  };
}

/**
 * The input with its defaults. Where a way on can pass a step by, its variable is null until it has run: a variable that
 * is not there fails whoever asks for it.
 */
function firstVariables({ input }: PipelineFacts, links: readonly Link[]): JsonObject {
  const jumps = links.some(
    ({ step, onFailure }) => onFailure !== null || step.onSuccess !== undefined || step.when !== undefined,
  );
  const unset = jumps ? links.flatMap(({ step, variable }) => [variable, ...Object.keys(step.assign ?? {})]) : [];
  return {
    input: inputWith(defaultsOf(input)),
    ...Object.fromEntries(unset.map((variable) => [variable, null])),
    ...(jumps ? { failure: null } : {}),
    ...Object.fromEntries(links.filter(({ leadsBack }) => leadsBack).map((link) => [returnsOf(link), 0])),
  };
}

const inputWith = (defaults: JsonObject): string =>
  Object.keys(defaults).length === 0
    ? '{% $states.input %}'
    : `{% $merge([${JSON.stringify(defaults)}, $states.input]) %}`;

function defaultsOf(schema: JsonObject | undefined): JsonObject {
  const properties = schema?.properties;
  return Object.fromEntries(
    Object.entries(isObject(properties) ? properties : {}).flatMap(([name, property]) =>
      isObject(property) && property.default !== undefined ? [[name, property.default]] : [],
    ),
  );
}

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
