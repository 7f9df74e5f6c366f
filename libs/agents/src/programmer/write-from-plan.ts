import { pointToStandards } from '../context/standards.js';
import { tellFiles, tellValue } from '../context/tell-values.js';
import type { AskContext } from '../model/exchange.js';
import { tellKnownFailures } from '../task/known-failures.js';
import type { OrFailure } from '../task/or-failure.js';
import type { Deliverable } from '../task/outputs.js';
import type { ImplementArguments } from '../task/task-arguments.js';
import type { Template } from '../templates/template.js';
import type { Programming } from './programmer-tools.js';
import { writeFilesWithTools } from './write-files.js';

/** What a plan has written: tests before the code, or the code. Both are told the same. */
export async function writeFromPlan(
  programming: Programming,
  context: AskContext,
  template: Template,
  variables: Omit<ImplementArguments, 'template'>,
): Promise<OrFailure<Deliverable>> {
  const { files: given, language, knownFailures } = variables;
  const standards = await pointToStandards(context, variables.standards, given);
  if (!standards.ok) return standards;
  const shown = {
    standards: standards.value,
    knownFailures: tellKnownFailures(knownFailures),
    plan: tellValue(variables.plan),
    files: tellFiles(given, false),
    documentationLocations: tellValue(variables.documentationLocations),
  };
  return writeFilesWithTools(programming, context, { template, variables, shown, language, given, knownFailures });
}
