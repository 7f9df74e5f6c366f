import type { WorkerTask } from '@baton/worker';
import { chooseVariant } from './choose-variant.js';
import type { Templates } from './load-templates.js';
import { MAIN_VARIANT, type Template } from './template.js';

/** The template of a task, or in a sentence or two why there is none. `isKnown` where files of that name are there. */
export type ChosenTemplate =
  | { readonly ok: true; readonly template: Template }
  | { readonly ok: false; readonly isKnown: boolean; readonly cause: string };

/** The variant that a run works with: the one that it was submitted with, else the one that falls to it. */
export function chooseTemplate(
  templates: Templates,
  id: string,
  { runId, agents }: Pick<WorkerTask, 'runId' | 'agents'>,
): ChosenTemplate {
  const variants = templates.byId.get(id) ?? [];
  const asked =
    agents?.templates !== undefined && Object.hasOwn(agents.templates, id) ? agents.templates[id] : undefined;
  if (asked !== undefined) {
    const template = variants.find(({ variant }) => variant === asked);
    if (template !== undefined) return { ok: true, template };
    const broken = problemWith(templates, id, asked);
    const there = variants.map(({ variant }) => variant).join(', ');
    const what = broken ?? (there === '' ? `There is no template ${id}.` : `It has ${there}.`);
    return { ok: false, isKnown: true, cause: `The run asks for the variant ${asked} of the template ${id}. ${what}` };
  }
  const template =
    chooseVariant(variants, runId, id) ?? variants.find(({ variant }) => variant === MAIN_VARIANT) ?? variants[0];
  if (template !== undefined) return { ok: true, template };
  const broken = problemWith(templates, id, null);
  return { ok: false, isKnown: broken !== null, cause: broken ?? `There is no template ${id}.` };
}

const problemWith = ({ problems }: Templates, id: string, variant: string | null): string | null =>
  problems.find((each) => each.id === id && (variant === null || each.variant === variant))?.problem ?? null;
