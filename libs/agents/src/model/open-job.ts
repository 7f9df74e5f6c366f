import { type Json, JsonObject, WorkspaceMade } from '@baton/contracts';
import { z } from 'zod';
import { FileSet } from '../task/file-set.js';
import type { OrFailure } from '../task/or-failure.js';
import { Language } from '../task/outputs.js';
import { describeIssues } from '../task/problems.js';
import { placeholdersOf, type Template } from '../templates/template.js';
import type { AskContext } from './exchange.js';

/**
 * Files to be written by any template of the agent, which shows what the workflow says: `variables`, as the prompt worker
 * has them.
 */
const OpenArguments = z.strictObject({
  template: z.string().min(1),
  variables: JsonObject,
  language: Language,
  /** What is there already, where the task has no workspace. */
  files: FileSet.default([]),
  writtenBy: z.string().min(1).optional(),
  /** The version that an earlier task made of the workspace. */
  made: WorkspaceMade.nullish(),
});
type OpenArguments = z.infer<typeof OpenArguments>;

/** Work with a template that is not known beforehand. */
export type OpenJob = (context: AskContext, template: Template, args: OpenArguments) => Promise<OrFailure<Json>>;

export const isOpen = (args: JsonObject): boolean => JsonObject.safeParse(args.variables).success;

/** What is asked of the job, or why it does not fit. */
export function prepareOpen(
  job: OpenJob,
  template: Template,
  given: JsonObject,
):
  | { readonly ok: true; readonly run: (context: AskContext) => Promise<OrFailure<Json>> }
  | { readonly ok: false; readonly cause: string } {
  const args = OpenArguments.safeParse(given);
  if (!args.success) return { ok: false, cause: `The arguments do not fit: ${describeIssues(args.error).join('; ')}.` };
  const cause = misfit(template, Object.keys(args.data.variables));
  return cause === null ? { ok: true, run: (context) => job(context, template, args.data) } : { ok: false, cause };
}

/** A template shows what its task has, neither more nor less. */
function misfit(template: Template, variables: readonly string[]): string | null {
  const { id, output } = template;
  if (output !== 'Implementation') return `The template ${id} gives ${output}, and files come as Implementation.`;
  const shown = placeholdersOf(template);
  const unknown = shown.filter((name) => !variables.includes(name));
  const unseen = variables.filter((name) => !shown.includes(name));
  if (unknown.length > 0) return `The template ${id} asks for {{${unknown.join('}}, {{')}}}; give them as variables.`;
  return unseen.length > 0 ? `The template ${id} never shows the model {{${unseen.join('}}, {{')}}}.` : null;
}
