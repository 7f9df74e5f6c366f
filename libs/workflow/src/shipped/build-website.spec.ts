import type { JsonObject } from '@baton/contracts';
import { expect, test } from 'vitest';
import shipped from '../../../../workflows/build-website.yaml?raw';
import { begin, ended, variablesOf } from '../testing/begin.js';
import type { Scenario } from '../testing/scenario.js';

const specification = { title: 'A site', pages: [], criteria: [{ id: 'C1' }, { id: 'C2' }] };
const files = [{ path: 'index.html', content: '<h1>A site</h1>' }];
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

async function reviewed(input: JsonObject, ...reviews: readonly JsonObject[]): Promise<Scenario> {
  const run = await begin(shipped, { goal: 'A site.', ...input });
  await run.succeed('WriteSpecification', specification);
  for (const review of reviews) {
    await run.succeed('WriteCode', { files, notes: '' });
    await run.succeed('ReviewCode', review);
  }
  return run;
}

test('leads back to the coder with the files and the issues', async () => {
  const run = await reviewed({}, refused);
  expect(variablesOf(run, 'WriteCode')).toEqual({ specification, files, review: refused });
  // One of the two criteria holds.
  const decision = { target: 'WriteCode', round: 1, scores: { criteria: 5 } };
  expect(run.eventsOf('DecisionMade').at(-1)?.data.decision).toMatchObject(decision);
});

test('ends with the site once the review passes', async () => {
  const run = await reviewed({}, refused, passed);
  expect(ended(run)).toMatchObject({ status: 'succeeded', output: { files, rounds: 2, review: passed } });
});

test('fails after three rounds, or as many as it is told, and says what is open', async () => {
  const thrice = await reviewed({}, refused, refused, refused);
  expect(ended(thrice)).toMatchObject({
    status: 'failed',
    error: 'Baton.NotConverged',
    cause: 'The site did not pass its review in 3 rounds. Still open: index.html: No title.',
  });
  const once = await reviewed({ maxRounds: 1 }, { verdict: 'revise', summary: 'I do not like it.', issues: [] });
  expect(ended(once)).toMatchObject({
    status: 'failed',
    cause: expect.stringMatching(/in 1 round\..*I do not like it/),
  });
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
  const run = await begin(shipped, { goal: 'A site.' });
  await run.succeed('WriteSpecification', specification);
  await run.fail('WriteCode', 'Baton.ModelRefused', 'I will not write that.', false);
  const failure = { Error: 'Baton.ModelRefused', Cause: 'I will not write that.' };
  expect(variablesOf(run, 'WriteSpecification')).toMatchObject({ failure });
  await run.succeed('WriteSpecification', specification);
  expect(variablesOf(run, 'WriteCode')).toEqual({ specification, files: null, review: null });
  await run.fail('WriteCode', 'Baton.ModelRefused', 'Nor that.', false);
  expect(ended(run)).toMatchObject({
    status: 'failed',
    error: 'Baton.ModelRefused',
    cause: 'The site could not be implemented from 2 specifications: Nor that.',
  });
});
