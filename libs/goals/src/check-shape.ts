import type { Json, JsonObject } from '@baton/asl';
import type { ComposedStep, StepCondition, StepList, WorkflowFinding } from '@baton/contracts';
import { didYouMean } from '@baton/contracts';
import { checkPlace, error, type InSight } from './check-arguments.js';
import { membersOf, takes } from './fill-arguments.js';
import { inInput } from './input-values.js';
import { lanesOf, type Unit } from './step-units.js';

/** What is known of results, by the name of the step; nothing where it is not known. */
export type Outputs = ReadonlyMap<string, JsonObject>;

const ORDERED: ReadonlySet<StepCondition['is']> = new Set(['less', 'at-most', 'more', 'at-least']);
const NEEDED = [
  { of: ORDERED, type: 'number', says: 'a number' },
  { of: new Set<StepCondition['is']>(['contains']), type: 'string', says: 'a text' },
] as const;
const UNARY: ReadonlySet<StepCondition['is']> = new Set(['empty', 'not-empty', 'otherwise']);

/** Sides that are one, ways that can never be gone, and a name that several units have. */
export function checkUnits(units: readonly Unit[], steps: readonly ComposedStep[]): readonly WorkflowFinding[] {
  const at = (step: ComposedStep | undefined): string => `/steps/${step === undefined ? 0 : steps.indexOf(step)}`;
  return units.flatMap((unit, index): readonly WorkflowFinding[] => {
    if (unit.type === 'step') return [];
    const first = lanesOf(unit)[0]?.[0];
    const field = unit.type === 'beside' ? 'beside' : 'when/choice';
    return [
      ...(isAgain(units, index)
        ? [
            error(
              `${at(first)}/${field}`,
              'not-neighbours',
              `the steps of ${unit.name} have to stand side by side in the list`,
            ),
          ]
        : []),
      ...(unit.type === 'beside' ? checkSides(unit, at(first)) : checkWays(unit, at)),
    ];
  });
}

/** Whether an earlier unit has its name. */
export function isAgain(units: readonly Unit[], index: number): boolean {
  const unit = units[index];
  if (unit === undefined || unit.type === 'step') return false;
  return units.slice(0, index).some((each) => each.type !== 'step' && each.name === unit.name);
}

function checkSides({ name, branches }: Extract<Unit, { readonly type: 'beside' }>, pointer: string) {
  if (branches.length > 1) return [];
  return [
    error(`${pointer}/beside`, 'no-sides', `of ${name}, every step needs the result of another, so none is beside one`),
  ];
}

function checkWays(
  { ways }: Extract<Unit, { readonly type: 'choice' }>,
  at: (step: ComposedStep | undefined) => string,
) {
  return ways.flatMap(({ when, steps }, index) => {
    const pointer = `${at(steps[0])}/when`;
    const both = steps.filter(({ beside }) => beside !== undefined);
    return [
      ...(when.is === 'otherwise' && (index === 0 || index < ways.length - 1)
        ? [
            error(
              `${pointer}/is`,
              'otherwise-comes-last',
              'otherwise is the last way of a choice, and not the only one',
            ),
          ]
        : []),
      ...both.map((step) =>
        error(
          `${at(step)}/beside`,
          'beside-on-a-way',
          'a step on a way of a choice is beside none; use a workflow for that',
        ),
      ),
    ];
  });
}

export function checkCondition(
  when: StepCondition,
  pointer: string,
  sight: InSight,
  outputs: Outputs,
): readonly WorkflowFinding[] {
  if (when.is === 'otherwise') return [];
  const places = checkPlace(when, pointer, sight);
  if (places.length > 0) return places;
  const held = UNARY.has(when.is) ? null : primitiveIn(when.than);
  const needed = NEEDED.find(({ of }) => of.has(when.is));
  if (held === undefined || (needed !== undefined && typeof held !== needed.type)) {
    const what = needed?.says ?? 'a text, a number, true, false or null';
    return [error(`${pointer}/than`, 'not-comparable', `${when.is} needs ${what}, as JSON`)];
  }
  const { schema, findings } = schemaAt(when, pointer, outputs);
  return schema === null ? findings : checkCompared(when, held, schema, pointer);
}

/** What is known of the place, against what it is held to. */
function checkCompared({ is, value }: StepCondition, held: Json, schema: JsonObject, pointer: string) {
  if (ORDERED.has(is) && !takes(schema, 'number') && !takes(schema, 'integer')) {
    return [error(`${pointer}/value`, 'not-comparable', `${value} is no number`)];
  }
  const options = Array.isArray(schema.enum) ? schema.enum : null;
  const isSame = is === 'equal' || is === 'not-equal';
  if (options === null || !isSame || options.includes(held)) return [];
  const list = options.map((each) => JSON.stringify(each)).join(', ');
  return [error(`${pointer}/than`, 'never-holds', `${value} is one of ${list}`)];
}

export function checkList(list: StepList, pointer: string, sight: InSight, outputs: Outputs) {
  const places = checkPlace(list, pointer, sight);
  if (places.length > 0) return places;
  if (list.from === 'input') {
    return Array.isArray(inInput(list.value, sight.input))
      ? []
      : [error(`${pointer}/value`, 'no-list', `${list.value || 'the input'} is no list`)];
  }
  const { schema, findings } = schemaAt(list, pointer, outputs);
  if (schema !== null && !takes(schema, 'array'))
    return [error(`${pointer}/value`, 'no-list', `${list.value} is no list`)];
  return findings;
}

/** What is known of a place in a result: null where nothing is. */
function schemaAt({ from, value }: StepList, pointer: string, outputs: Outputs) {
  const [name = '', ...path] = value.split('.');
  let schema = from === 'step' ? outputs.get(name) : undefined;
  for (const part of path) {
    const members: readonly (readonly [string, JsonObject])[] = schema === undefined ? [] : membersOf(schema);
    // A list of the catalog is cut, and what is open may have more than it says.
    if (schema === undefined || members.length === 0 || members.length >= MOST_KNOWN)
      return { schema: null, findings: [] };
    const next = members.find(([each]) => each === part)?.[1];
    if (next === undefined && schema.additionalProperties === true) return { schema: null, findings: [] };
    if (next === undefined) {
      const names = members.map(([each]) => each);
      const message = `what ${name} gives has no ${part}.${didYouMean(part, names)}`;
      return { schema: null, findings: [error(`${pointer}/value`, 'unknown-member', message)] };
    }
    schema = next;
  }
  return { schema: schema ?? null, findings: [] };
}

/** As many members as a catalog says of an object. */
const MOST_KNOWN = 40;

function primitiveIn(text: string): string | number | boolean | null | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
      return value;
    return undefined;
  } catch {
    return undefined;
  }
}

/** What each step of a unit may name, and why it may not name others. */
export function sightOf(step: ComposedStep, unit: Unit, { input, names, hidden }: Omit<InSight, 'hasItem'>): InSight {
  const hasItem = step.each !== undefined;
  if (unit.type === 'step') return { input, names, hidden, hasItem };
  const together = lanesOf(unit);
  const own = together.find((each) => each.includes(step)) ?? [];
  const before = own.slice(0, own.indexOf(step)).map(({ name }) => name);
  const others = together.flat().filter(({ name }) => !before.includes(name));
  const why = (name: string): string =>
    unit.type === 'beside'
      ? `${name} is done beside this step or after it`
      : `${name} is on another way of ${unit.name}, or comes later on this one`;
  const more = others.map(({ name }) => [name, why(name)] as const);
  return { input, names: [...names, ...before], hidden: new Map([...hidden, ...more]), hasItem };
}

/** What can be named after a unit. */
export function afterUnit(unit: Unit, { names, hidden }: Omit<InSight, 'hasItem' | 'input'>) {
  if (unit.type === 'step') return { names: [...names, unit.step.name], hidden };
  if (unit.type === 'beside') {
    return {
      names: [
        ...names,
        ...lanesOf(unit)
          .flat()
          .map(({ name }) => name),
        unit.name,
      ],
      hidden,
    };
  }
  const more = lanesOf(unit)
    .flat()
    .map(
      ({ name }) => [name, `${name} may not have been done; ${unit.name} is the result of the way that was`] as const,
    );
  return { names: [...names, unit.name], hidden: new Map([...hidden, ...more]) };
}
