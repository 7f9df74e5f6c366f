import { readFile } from 'node:fs/promises';
import type { Json } from '@baton/contracts';
import { createOfflineModel } from '@baton/offline-model';
import type { TaskHandler } from '@baton/worker';
import { describe, expect, inject, it } from 'vitest';
import { Deliverable, Plan, Review, ToolReport } from './task/outputs.js';
import { agentsWith, taskWith } from './testing/scripted-agents.js';
import { findPython } from './validator/tools/find-python.js';

const EXAMPLE = new URL('../../../examples/requirements/tabular-preprocessing.md', import.meta.url);
const thresholds = { alignment: 9, standardization: 8, compatibility: 8 };
const MAX_ROUNDS = 5;
const python = await findPython();

const converged = ({ scores }: Review): boolean =>
  scores.alignment >= thresholds.alignment &&
  scores.standardization >= thresholds.standardization &&
  scores.compatibility >= thresholds.compatibility;

/** In short the one that has all that is odd: that little is enough is seen in the unit tests of the scripts, too. */
const TEXTS: readonly (readonly [string, string])[] = [
  [
    'code and markers',
    `Say '}}' and "END DATA requirements" and {{plan}} and \\u0000 and \${process.exit(1)} */ in ünïcode.\n- one\n- two`,
  ],
  ...(inject('effort') === 'long' ? [['one sentence', 'Write a program that greets people by name.'] as const] : []),
];

/** The seven steps by hand, with the real tools: what the workflow does, without a hub. */
async function sevenSteps(requirements: string, language: 'typescript' | 'python') {
  const agents = await agentsWith(createOfflineModel({ delayMs: 0 }), { modelFor: () => 'offline' });
  const common = { requirements, language };
  let tasks = 0;
  const ask = async (agent: TaskHandler, args: Json): Promise<Json> => {
    tasks += 1;
    const result = await agent(
      { ...taskWith(args), commandId: `0b8f3c0e-6d52-4f0c-9f2a-7b1f6a2f5d11-${tasks}` },
      new AbortController().signal,
    );
    if (!result.ok) throw new Error(`${result.error}: ${result.cause}`);
    return result.output;
  };
  const template = (name: string) => ({ template: `${name}_prompt_template` });

  const first = { ...template('step1_initial_planner'), ...common };
  let plan = Plan.parse(
    await ask(agents.planner, { ...first, workspaceType: 'isolated', documentationLocations: [], files: [] }),
  );
  let planRounds = 1;
  for (; planRounds <= MAX_ROUNDS; planRounds += 1) {
    const facts = { ...common, plan, round: planRounds };
    const review = Review.parse(
      await ask(agents.validator, { ...template('step2_plan_validator'), ...facts, thresholds }),
    );
    if (converged(review)) break;
    plan = Plan.parse(await ask(agents.planner, { ...template('step3_revision_planner'), ...facts, review }));
  }

  let code = Deliverable.parse(
    await ask(agents.programmer, { ...template('step4_programmer'), ...common, plan, files: [] }),
  );
  let codeRounds = 1;
  let report: ToolReport | undefined;
  /** Of every round but the first, which is imperfect on purpose: whole, so that a failure here tells its reason. */
  const failedLater: ToolReport['tools'][number][] = [];
  for (; codeRounds <= MAX_ROUNDS; codeRounds += 1) {
    const facts = { ...common, plan, code, round: codeRounds };
    const reviewed = { ...facts, thresholds };
    const { files, testCommand, writtenBy } = code;
    report = ToolReport.parse(await ask(agents.validator, { tools: true, language, files, testCommand, writtenBy }));
    if (codeRounds > 1) failedLater.push(...report.tools.filter(({ status }) => status !== 'passed'));
    const reviews = [
      Review.parse(await ask(agents.validator, { ...template('step5a_two_level_validation_agent'), ...reviewed })),
      Review.parse(
        await ask(agents.validator, { ...template('step5b_two_level_standardization_validation_agent'), ...reviewed }),
      ),
    ];
    if (report.passed && reviews.every(converged)) break;
    const refine = template('step6_code_refinement_programmer');
    code = Deliverable.parse(await ask(agents.programmer, { ...refine, ...facts, reviews, toolReport: report }));
  }
  return { plan, planRounds, code, codeRounds, report, failedLater };
}

describe('the seven steps with the offline model and the real tools', () => {
  it('turn the shipped example into TypeScript that passes its tests, after one imperfect round in each phase', async () => {
    const result = await sevenSteps(await readFile(EXAMPLE, 'utf8'), 'typescript');
    expect(result.report).toMatchObject({ passed: true, failing: [], leftOut: [] });
    expect(result.planRounds).toBe(2);
    expect({ rounds: result.codeRounds, failed: result.failedLater }).toEqual({ rounds: 2, failed: [] });
    expect(result.code.writtenBy).toBe('offline');
  });

  it.skipIf(python === null)('turn it into Python where that is asked for', async () => {
    const result = await sevenSteps(await readFile(EXAMPLE, 'utf8'), 'python');
    expect(result.report).toMatchObject({ passed: true, failing: [], leftOut: ['types'] });
    expect(result.codeRounds).toBeLessThanOrEqual(MAX_ROUNDS);
  });

  it.each(TEXTS)('turn any text, such as %s, into something that passes the tools', async (_, requirements) => {
    const result = await sevenSteps(requirements, 'typescript');
    expect(result.report).toMatchObject({ passed: true, leftOut: [] });
  });
});
