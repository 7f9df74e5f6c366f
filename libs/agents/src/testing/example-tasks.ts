/** The tasks of the seven-step workflow in their smallest form, and answers that fit them. For tests. */

export const plan = {
  goal: 'A sum.',
  components: [{ name: 'sum', purpose: 'adds' }],
  files: [{ path: 'sum.ts', purpose: 'code' }],
  interfaces: [{ name: 'sum', signature: 'sum(a: number, b: number): number', description: 'adds' }],
  testPlan: ['sum(1, 2) is 3'],
  risks: [],
  openQuestions: [],
  answers: [],
};
export const review = {
  scores: { alignment: 7, standardization: 8, compatibility: 9 },
  issues: [{ id: 'P1', severity: 'major', place: 'testPlan', problem: 'no zero', fix: 'add it' }],
  verdict: 'revise',
  summary: 'one thing',
};
const thresholds = { alignment: 9, standardization: 8, compatibility: 8 };
const common = { requirements: 'Add two numbers.', language: 'typescript' };
export const code = { files: [{ path: 'sum.ts', content: 'old' }], notes: '', testCommand: 'node --test' };
const toolReport = { passed: false, language: 'typescript', tools: [], failing: ['types'], leftOut: [] };

export const STEP_1 = {
  template: 'step1_initial_planner_prompt_template',
  ...common,
  workspaceType: 'isolated',
  documentationLocations: [],
  files: [],
};
export const STEP_2 = { template: 'step2_plan_validator_prompt_template', ...common, plan, round: 1, thresholds };
export const STEP_3 = { template: 'step3_revision_planner_prompt_template', ...common, plan, review, round: 1 };
export const STEP_4 = { template: 'step4_programmer_prompt_template', ...common, plan, files: [] };
export const STEP_5A = {
  template: 'step5a_two_level_validation_agent_prompt_template',
  ...common,
  plan,
  code: { ...code, writtenBy: 'offline', language: 'typescript', answers: [] },
  round: 1,
  thresholds,
};
export const STEP_6 = {
  template: 'step6_code_refinement_programmer_prompt_template',
  ...common,
  plan,
  code: { ...code, writtenBy: 'offline' },
  reviews: [review],
  toolReport,
  round: 1,
};
export const implementation = { files: [{ path: 'sum.ts', content: 'new' }], notes: 'n', testCommand: 'node --test' };
export const refinement = {
  changedFiles: [{ path: 'sum.ts', content: 'new' }],
  removedFiles: [],
  answers: [
    { to: 'P1', answer: 'added' },
    { to: 'types', answer: 'typed' },
  ],
  notes: 'refined',
};
