import { NEED_NOT_BE_SHOWN, templateVariables } from '../task/task-arguments.js';
import { placeholdersOf, type Template } from './template.js';

/** Agent and output → the variables of each task of that kind. */
export type Shipped = ReadonlyMap<string, readonly (readonly string[])[]>;

const keyOf = ({ agent, output }: Pick<Template, 'agent' | 'output'>): string => `${agent} ${output}`;

/** What the templates of the shipped workflow are for: a template of somebody else stands in for one of them. */
export function shippedOf(templates: readonly Template[]): Shipped {
  const shipped = new Map<string, readonly (readonly string[])[]>();
  for (const template of templates) {
    const variables = template.variant === 'main' ? templateVariables.get(template.id) : undefined;
    if (variables === undefined) continue;
    shipped.set(keyOf(template), [...(shipped.get(keyOf(template)) ?? []), variables]);
  }
  return shipped;
}

/**
 * Why a template cannot be filled by the tasks that it is for, or null. What it shows is what its task has, neither more nor
 * less: else a part of the work would go unseen. What a template of the prompt worker shows is its workflow's to say.
 */
export function misfitOf(template: Template, shipped: Shipped): string | null {
  const own = templateVariables.get(template.id);
  // Work that brings its own variables: what they are is known with the task.
  if (own === undefined && template.output === 'Implementation') return null;
  const kinds = own === undefined ? (shipped.get(keyOf(template)) ?? []) : [own];
  const reasons = kinds.map((variables) => misfitWith(template, variables));
  return reasons.includes(null) ? null : (reasons[0] ?? null);
}

/** Why it cannot be filled with these variables, or null. */
export function misfitWith(template: Template, variables: readonly string[]): string | null {
  const shown = placeholdersOf(template);
  const unknown = shown.filter((name) => !variables.includes(name));
  const unseen = variables.filter((name) => !shown.includes(name) && !NEED_NOT_BE_SHOWN.includes(name));
  if (unknown.length > 0) return `it asks for {{${unknown.join('}}, {{')}}}; its task has ${variables.join(', ')}`;
  return unseen.length > 0 ? `it never shows the model {{${unseen.join('}}, {{')}}}` : null;
}
