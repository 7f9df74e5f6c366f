import type { Json, JsonObject } from '@baton/contracts';
import { parse } from 'yaml';
import shipped from '../../../../workflows/seven-step.yaml?raw';
import { parseWorkflowDocument } from '../checks/parse-workflow-document.js';
import { type Scenario, scenario } from './scenario.js';

/** The seven-step workflow as it ships, and answers of its workers. */

export const parsed = parseWorkflowDocument(parse(shipped));
export const PLAN = { goal: 'a table' };
export const good = { alignment: 9, standardization: 8, compatibility: 8 };
export const review = (scores: JsonObject = {}): JsonObject => ({
  scores: { ...good, ...scores },
  issues: [],
  verdict: 'pass',
  summary: '',
});
export const code = (text: string): JsonObject => ({
  files: [{ path: 'a.ts', content: text }],
  notes: 'none',
  testCommand: 'node --test',
  language: 'typescript',
  writtenBy: 'offline',
  answers: [],
});
export const tools = (...failing: string[]): JsonObject => ({
  passed: failing.length === 0,
  language: 'typescript',
  tools: [],
  failing,
  leftOut: [],
  notRun: [],
  reason: null,
  unable: [],
  unableReason: null,
  findingsHash: null,
});

/** The report of a validator that may not execute what a model wrote. */
export const untried = {
  ...{ passed: false, language: 'typescript', tools: [], failing: [], leftOut: ['tests'], notRun: ['tests'] },
  reason: 'tests did not run, and what was not run did not pass. There is no sandbox.',
} as const satisfies JsonObject;

export async function begin(input: JsonObject = {}): Promise<Scenario> {
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.findings));
  const run = scenario(parsed.document, false);
  await run.start({ requirements: 'Make a table.', ...input });
  return run;
}

/** Answers the validations of the code: the tools, and then two readers. */
export async function validate(run: Scenario, suffix: '' | 'Again', a: Json, b: Json, report: Json): Promise<void> {
  await run.succeed(`Level2Tools${suffix}`, report);
  await run.succeed(`Level1Validation${suffix}`, a);
  await run.succeed(`Level1Standardization${suffix}`, b);
}

export async function planned(input: JsonObject = {}): Promise<Scenario> {
  const run = await begin(input);
  await run.succeed('Plan', PLAN);
  await run.succeed('ValidatePlan', review());
  return run;
}

export const argumentsOf = (run: Scenario, state: string): Json | undefined => run.commandOf(state).message.arguments;
export const rationales = (run: Scenario): readonly string[] =>
  run.eventsOf('DecisionMade').map(({ data }) => data.decision.rationale);
