import { JsonObject } from '@baton/contracts';
import { parse } from 'yaml';
import { z } from 'zod';
import { parseWorkflowDocument } from '../checks/parse-workflow-document.js';
import { type Scenario, scenario } from './scenario.js';

/** Starts a run of a document in YAML. Throws where it has findings. */
export async function begin(text: string, input: JsonObject): Promise<Scenario> {
  const parsed = parseWorkflowDocument(parse(text));
  if (!parsed.ok || parsed.findings.length > 0) throw new Error(JSON.stringify(parsed.findings));
  const run = scenario(parsed.document, false);
  await run.start(input);
  return run;
}

/** What the model is shown of a state's task. */
export const variablesOf = (run: Scenario, state: string): JsonObject =>
  z.object({ variables: JsonObject }).parse(run.commandOf(state).message.arguments).variables;

/** The state of a run at its end, with its log checked. */
export const ended = (run: Scenario) => {
  run.checkLog();
  return run.state();
};
