import type { JsonObject } from '@baton/asl';
import type { ComposedStep, Composition } from '@baton/contracts';
import { canonicalSha256 } from '@baton/workflow';
import { nullNames, statesOf } from './composed-states.js';
import { type Unit, unitsOf } from './step-units.js';

/*
 * A composition as a workflow document: one state for each of its units, each with what it is called with, and nothing that a model
 * wrote but names and literals.
 */

const VERSION = '1.0.0';

/** The document of a composition whose findings hold no error. Its name is made of what it says: the same is the same. */
export function composeDocument({ title, steps }: Pick<Composition, 'title' | 'steps'>): JsonObject {
  const units = unitsOf(steps);
  const { first, states, result } = statesOf(units, 'Done');
  const rest: JsonObject = {
    version: VERSION,
    title: oneLine(title, 120) || 'Composed for a goal',
    description: `Composed for a goal: ${units.map(inWords).join(', then ')}.`,
    input: {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      required: ['goal'],
      additionalProperties: false,
      properties: {
        goal: { type: 'string', minLength: 1, description: 'What is wanted.' },
        input: { type: 'object', description: 'What it is about.' },
      },
    },
    steps: Object.fromEntries(
      steps.map(({ name, does, use }, at) => [name, { number: at + 1, title: oneLine(does, 120) || use }]),
    ),
    // As the workflows that ship: a task that was too slow gets twice the time, never the same limit again.
    decisions: { recovery: { strategies: ['extended_timeout'] } },
    definition: {
      QueryLanguage: 'JSONata',
      StartAt: 'Prepare',
      States: {
        Prepare: {
          Type: 'Pass',
          Assign: {
            goal: '{% $states.input.goal %}',
            input: '{% $exists($states.input.input) ? $states.input.input : {} %}',
            // Where no way of a choice was gone, it gave nothing.
            ...Object.fromEntries(nullNames(units).map((name) => [name, null])),
          },
          Output: {},
          Next: first,
        },
        ...states,
        Done: { Type: 'Succeed', Output: result === null ? {} : `{% $${result} %}` },
      },
    },
  };
  return { name: nameOfComposed(rest), ...rest };
}

/** @param document with or without a name */
export function nameOfComposed(document: JsonObject): string {
  const { name: _, ...rest } = document;
  return `goal-${canonicalSha256(rest).slice(0, 16)}`;
}

function inWords(unit: Unit): string {
  switch (unit.type) {
    case 'step':
      return inStep(unit.step);
    case 'beside':
      return unit.branches.map((branch) => branch.map(inStep).join(', then ')).join(' beside ');
    default:
      return unit.ways.map(({ steps }) => steps.map(inStep).join(', then ')).join(' or ');
  }
}

const inStep = ({ use, each }: ComposedStep): string => (each === undefined ? use : `${use} for each`);

const oneLine = (text: string, most: number): string =>
  [...text.replace(/[\p{Cc}\p{Cs}\s]+/gu, ' ').trim()].slice(0, most).join('');
