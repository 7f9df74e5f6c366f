import type { JsonObject } from '@baton/contracts';
import { expect, test } from 'vitest';
import { z } from 'zod';
import shipped from '../../../../workflows/build-website.yaml?raw';
import { begin, ended, variablesOf } from '../testing/begin.js';
import type { Scenario } from '../testing/scenario.js';

const specification = { title: 'A site', pages: [], criteria: [{ id: 'C1' }, { id: 'C2' }] };
const site = [{ path: 'index.html', content: '<h1>A site</h1>' }];
const testFiles = [{ path: 'test/site.test.ts', content: 'test' }];
const tests = { files: testFiles, notes: '', testCommand: 'node --test', writtenBy: 'offline' };
const code = { ...tests, files: [...site, ...testFiles] };
const tree = 'a'.repeat(64);
const tested = { passed: true, tools: [], failing: [], notRun: [], reason: null, tree };
const finding = { file: null, line: null, message: 'a link leads nowhere' };
const broken = {
  ...{ ...tested, passed: false, failing: ['tests'] },
  tools: [
    { tool: 'types', status: 'passed', findings: [] },
    { tool: 'tests', status: 'failed', findings: [finding] },
  ],
};
const issue = {
  id: 'R1.1',
  criterion: 'C1',
  severity: 'blocker',
  place: 'index.html',
  problem: 'No title.',
  fix: 'Add.',
};
const refused = { verdict: 'revise', summary: 'One issue.', issues: [issue] };
const passed = { verdict: 'pass', summary: 'Fine.', issues: [{ ...issue, severity: 'minor' }] };

async function specified(input: JsonObject): Promise<Scenario> {
  const run = await begin(shipped, { goal: 'A site.', ...input });
  await run.succeed('WriteSpecification', specification);
  await run.succeed('WriteTests', tests);
  return run;
}

async function reviewed(input: JsonObject, ...reviews: readonly JsonObject[]): Promise<Scenario> {
  const run = await specified(input);
  for (const review of reviews) {
    await run.succeed('WriteCode', code);
    await run.succeed('RunTests', tested);
    await run.succeed('ReviewCode', review);
  }
  return run;
}

const argumentsOf = (run: Scenario, state: string) => run.commandOf(state).message.arguments;

test('has the tests written first, by somebody else, and protects them from the coder', async () => {
  const run = await begin(shipped, { goal: 'A site.' });
  await run.succeed('WriteSpecification', specification);
  expect(argumentsOf(run, 'WriteTests')).toMatchObject({ variables: { specification }, testFiles: ['/test/'] });
  await run.succeed('WriteTests', tests);
  expect(argumentsOf(run, 'WriteCode')).toMatchObject({
    variables: { specification, files: null, review: null, testFindings: [] },
    ...{ files: testFiles, writtenBy: 'offline', protectedFiles: ['/test/'] },
  });
});

test('leads back to the coder with what the tests found, before a reviewer is asked', async () => {
  const run = await specified({});
  await run.succeed('WriteCode', code);
  await run.succeed('RunTests', broken);
  expect(argumentsOf(run, 'WriteCode')).toMatchObject({
    variables: { specification, files: site, review: null, testFindings: [finding] },
    files: code.files,
  });
});

test('leads back to the coder with the files and the issues', async () => {
  const run = await reviewed({}, refused);
  expect(variablesOf(run, 'WriteCode')).toEqual({ specification, files: site, review: refused, testFindings: [] });
  // One of the two criteria holds.
  const decision = { target: 'WriteCode', round: 1, scores: { criteria: 5 } };
  expect(run.eventsOf('DecisionMade').at(-1)?.data.decision).toMatchObject(decision);
});

test('ends with the site once tests and review pass, and deploys nothing unasked', async () => {
  const run = await reviewed({}, refused, passed);
  expect(ended(run)).toMatchObject({
    status: 'succeeded',
    output: { files: code.files, rounds: 2, review: passed, toolReport: tested, deployment: null },
  });
});

test('asks a person to deploy the version that was tested, and hands on which approval it was', async () => {
  const run = await reviewed({ deploy: true }, passed);
  const asked = z
    .object({ arguments: z.record(z.string(), z.unknown()) })
    .parse(run.eventsOf('TaskScheduled').at(-1)?.data).arguments;
  expect(asked).toMatchObject({ tree, deploy: { idempotent: true }, site: 'A site' });
  await run.answer('ApproveDeployment', 'approve');
  const approvalId = run.eventsOf('ApprovalDecided').at(-1)?.data.commandId;
  expect(argumentsOf(run, 'Deploy')).toMatchObject({
    ...{ tree, deploy: asked.deploy },
    approval: { approvalId, decision: 'approve', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
  });
  await run.succeed('Deploy', { deployed: true });
  expect(ended(run)).toMatchObject({ status: 'succeeded', output: { deployment: { deployed: true } } });
});

test('fails after four rounds, or as many as it is told, and says what is open', async () => {
  const often = await reviewed({}, refused, refused, refused, refused);
  expect(ended(often)).toMatchObject({
    status: 'failed',
    error: 'Baton.NotConverged',
    cause: 'The site did not pass its review in 4 rounds. Still open: index.html: No title.',
  });
  const once = await reviewed({ maxRounds: 1 }, { verdict: 'revise', summary: 'I do not like it.', issues: [] });
  expect(ended(once)).toMatchObject({
    status: 'failed',
    cause: expect.stringMatching(/in 1 round\..*I do not like it/),
  });
});

test.each([
  [broken, 'The site did not pass its tests in 1 round. a link leads nowhere'],
  [{ ...tested, passed: false, notRun: ['tests'], reason: 'tests did not run.' }, 'in 1 round. tests did not run.'],
])('fails where its tests did not pass, or did not run', async (report, cause) => {
  const run = await specified({ maxRounds: 1 });
  await run.succeed('WriteCode', code);
  await run.succeed('RunTests', report);
  expect(ended(run)).toMatchObject({ status: 'failed', cause: expect.stringContaining(cause) });
});

test('does not take a verdict for good that names a blocker', async () => {
  const run = await reviewed({}, { ...refused, verdict: 'pass' });
  expect(run.commandOf('WriteCode')).toBeDefined();
});

test('gives the product manager the technologies and constraints, and the output a time and a version', async () => {
  const asked = await begin(shipped, { goal: 'A site.', tech_stack: 'HTML', constraints: ['No scripts.'] });
  expect(variablesOf(asked, 'WriteSpecification')).toEqual({
    ...{ goal: 'A site.', constraints: ['No scripts.'], techStack: ['HTML'], failure: null },
  });
  const several = await begin(shipped, { goal: 'A site.', tech_stack: ['HTML', 'CSS'] });
  expect(variablesOf(several, 'WriteSpecification')).toMatchObject({ techStack: ['HTML', 'CSS'] });
  const run = await reviewed({}, refused, passed);
  expect(ended(run)).toMatchObject({ output: { timestamp: '2026-11-21T12:00:00.000Z', version: '1.2.0' } });
});

test('goes back to the specification with the reason where it could not be implemented, and not for ever', async () => {
  const run = await specified({});
  await run.fail('WriteCode', 'Baton.ModelRefused', 'I will not write that.', false);
  const failure = { Error: 'Baton.ModelRefused', Cause: 'I will not write that.' };
  expect(variablesOf(run, 'WriteSpecification')).toMatchObject({ failure });
  await run.succeed('WriteSpecification', specification);
  await run.succeed('WriteTests', tests);
  expect(variablesOf(run, 'WriteCode')).toMatchObject({ specification, files: null, review: null });
  await run.fail('WriteCode', 'Baton.ModelRefused', 'Nor that.', false);
  expect(ended(run)).toMatchObject({
    status: 'failed',
    error: 'Baton.ModelRefused',
    cause: 'The site could not be implemented from 2 specifications: Nor that.',
  });
});
