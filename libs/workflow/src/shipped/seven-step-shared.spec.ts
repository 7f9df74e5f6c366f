import type { JsonObject } from '@baton/contracts';
import { describe, expect, test } from 'vitest';
import type { Scenario } from '../testing/scenario.js';
import { argumentsOf, begin, code, PLAN, rationales, review, tools, untried, validate } from '../testing/seven-step.js';

const tree = (letter: string): string => letter.repeat(64);
const head = (letter: string, number: number) => ({ number, tree: tree(letter), runId: null });
const conflicts: JsonObject = { ...tools('merge'), findingsHash: 'c1' };

/** A run on the lineage `shop`, whose code has passed and asks to be landed. */
async function readyToLand(input: JsonObject = {}): Promise<Scenario> {
  const workspace = { tree: tree('a'), commit: '1'.repeat(40), lineage: 'shop' };
  const run = await begin({ workspaceType: 'shared', workspace, ...input });
  await run.succeed('CheckBase', tools());
  await run.succeed('Plan', PLAN);
  await run.succeed('ValidatePlan', review());
  await run.succeed('Implement', { ...code('x'), workspace: { base: tree('a'), tree: tree('b') } });
  await validate(run, '', review(), review(), tools());
  return run;
}

/** Others landed `d`; the merge of it is `e`. */
async function merged(run: Scenario, isClean: boolean): Promise<void> {
  await run.succeed('Land', { landed: false, head: head('d', 4) });
  await run.succeed('MergeHead', {
    files: [{ path: 'a.ts', content: 'merged' }],
    workspace: { base: tree('d'), tree: tree('e') },
    isClean,
    toolReport: isClean ? null : conflicts,
  });
}

/** What a person is shown. */
const shown = (run: Scenario) => run.eventsOf('TaskScheduled').at(-1)?.data.arguments;
const outputOf = (run: Scenario) => run.eventsOf('RunSucceeded')[0]?.data.output;

describe('a run that shares its workspace', () => {
  test('lands its version where the head is what it began from', async () => {
    const run = await readyToLand();
    expect(argumentsOf(run, 'Land')).toEqual({ lineage: 'shop', from: tree('a'), tree: tree('b') });
    await run.succeed('Land', { landed: true, head: head('b', 2) });
    expect(outputOf(run)).toMatchObject({
      landed: { lineage: 'shop', version: 2 },
      workspace: { base: tree('a'), tree: tree('b') },
    });
  });

  test('merges what others landed, has it tried by the tools, and lands it from there', async () => {
    const run = await readyToLand();
    await run.succeed('Land', { landed: false, head: head('d', 4) });
    expect(argumentsOf(run, 'MergeHead')).toEqual({
      ...{ merge: true, language: 'typescript', base: tree('a'), ours: tree('b'), theirs: tree('d') },
    });
    await run.succeed('MergeHead', {
      files: [{ path: 'a.ts', content: 'merged' }],
      workspace: { base: tree('d'), tree: tree('e') },
      isClean: true,
      toolReport: null,
    });
    expect(argumentsOf(run, 'Level2ToolsMerged')).toMatchObject({
      files: [{ path: 'a.ts', content: 'merged' }],
      workspace: { base: tree('d'), tree: tree('e') },
    });
    await run.succeed('Level2ToolsMerged', tools());
    expect(argumentsOf(run, 'Land')).toEqual({ lineage: 'shop', from: tree('d'), tree: tree('e') });
    await run.succeed('Land', { landed: true, head: head('e', 5) });
    expect(outputOf(run)).toMatchObject({
      files: [{ path: 'a.ts', content: 'merged' }],
      workspace: { base: tree('d'), tree: tree('e') },
      landed: { version: 5 },
      scores: { code: { alignment: 9 } },
      rounds: { code: 1 },
    });
  });

  test('goes on merging for as long as others land before it', async () => {
    const run = await readyToLand();
    for (const _ of [1, 2, 3]) {
      await merged(run, true);
      await run.succeed('Level2ToolsMerged', tools());
    }
    await run.succeed('Land', { landed: true, head: head('e', 9) });
    expect(outputOf(run)).toMatchObject({ landed: { version: 9 }, rounds: { code: 1 } });
  });

  test('refines what conflicts, as a round in which no reader saw anything', async () => {
    const run = await readyToLand();
    await merged(run, false);
    expect(rationales(run).at(-1)).toContain('merge failed');
    expect(argumentsOf(run, 'RefineCode')).toMatchObject({
      workspace: { tree: tree('d'), commit: '1'.repeat(40), lineage: 'shop' },
      code: { workspace: { base: tree('d'), tree: tree('e') } },
      toolReport: { failing: ['merge'] },
      reviews: [],
    });
    await run.succeed('RefineCode', { ...code('both'), workspace: { base: tree('d'), tree: tree('f') } });
    await validate(run, 'Again', review(), review(), tools());
    expect(argumentsOf(run, 'Land')).toEqual({ lineage: 'shop', from: tree('d'), tree: tree('f') });
    await run.succeed('Land', { landed: true, head: head('f', 5) });
    expect(outputOf(run)).toMatchObject({ rounds: { code: 2 }, landed: { version: 5 } });
  });

  test('shows code with open conflicts to no reader, and asks a person where they stay', async () => {
    const run = await readyToLand();
    await merged(run, false);
    await run.succeed('RefineCode', { ...code('nothing'), workspace: { base: tree('d'), tree: tree('f') } });
    await run.succeed('Level2ToolsAgain', conflicts);
    expect(shown(run)).toMatchObject({ toolReport: { failing: ['merge'] } });
    await run.answer('EscalateCode', 'reject', 'no');
    expect(run.eventsOf('RunFailed')[0]?.data).toMatchObject({ error: 'Baton.NotConverged' });
  });

  test.each([
    ['a person is asked', 'human', 'EscalateCode'],
    ['the run ends', 'fail', null],
  ] as const)('has no round more than the phase has for a conflict: %s', async (_, escalation, state) => {
    const run = await readyToLand({ maxRounds: 1, escalation });
    await merged(run, false);
    if (state !== null) expect(run.commandOf(state).name).toBe('approval');
    else expect(run.eventsOf('RunFailed')[0]?.data.cause).toContain('merge');
  });

  test('goes back to the programmer where what was merged does not pass', async () => {
    const run = await readyToLand();
    await merged(run, true);
    await run.succeed('Level2ToolsMerged', tools('tests'));
    expect(argumentsOf(run, 'RefineCode')).toMatchObject({ toolReport: { failing: ['tests'] }, reviews: [] });
    expect(run.eventsOf('DecisionMade').at(-1)?.data.decision.rationale).toContain('others landed');
  });

  test('asks a person where what was merged could not be tried', async () => {
    const run = await readyToLand();
    await merged(run, true);
    await run.succeed('Level2ToolsMerged', { ...untried });
    expect(run.commandOf('EscalateCode').name).toBe('approval');
  });

  test('has a person approve what was merged, where one approved what it was before', async () => {
    const run = await readyToLand({ gates: 'code' });
    await run.answer('ApproveCode', 'approve');
    await merged(run, true);
    await run.succeed('Level2ToolsMerged', tools());
    expect(shown(run)).toMatchObject({ code: { workspace: { tree: tree('e') } } });
    await run.answer('ApproveCode', 'approve');
    await run.succeed('Land', { landed: true, head: head('e', 5) });
    expect(outputOf(run)).toMatchObject({ landed: { version: 5 } });
  });

  test('fails where its lineage is not there, and says so', async () => {
    const run = await readyToLand();
    await run.fail('Land', 'Baton.InvalidInput', 'There is no lineage shop.', false);
    expect(run.eventsOf('RunFailed')[0]?.data).toMatchObject({ cause: 'There is no lineage shop.' });
  });
});

test('a run that does not share its workspace lands nothing', async () => {
  const run = await begin({ workspace: { tree: tree('a') } });
  await run.succeed('CheckBase', tools());
  await run.succeed('Plan', PLAN);
  await run.succeed('ValidatePlan', review());
  await run.succeed('Implement', { ...code('x'), workspace: { base: tree('a'), tree: tree('b') } });
  await validate(run, '', review(), review(), tools());
  expect(outputOf(run)).toMatchObject({ landed: null });
  expect(run.eventsOf('TaskScheduled').map(({ data }) => data.resource)).not.toContain('baton:lineage');
});

test('no worker answers for a lineage', async () => {
  const run = await readyToLand();
  const { commandId } = run.commandOf('Land');
  const output = { landed: true, head: head('b', 2) };
  expect(await run.when({ type: 'CompleteTask', commandId, output }, { type: 'agent', id: 'programmer' })).toEqual([]);
});
