import type { JsonObject } from '@baton/contracts';
import type { WorkerTask } from '@baton/worker';
import { describe, expect, it } from 'vitest';
import { Deliverable } from '../task/outputs.js';
import { code, implementation, refinement, STEP_4, STEP_6 } from '../testing/example-tasks.js';
import { agentsWith, memoryOfflineWork, scriptedModel, taskWith } from '../testing/scripted-agents.js';

const signal = new AbortController().signal;

describe('the programmer', () => {
  it('returns the files with their author', async () => {
    const { programmer } = await agentsWith(scriptedModel([implementation]).call);
    expect(await programmer(taskWith(STEP_4), signal)).toMatchObject({
      ok: true,
      output: { ...implementation, language: 'typescript', writtenBy: 'claude-opus-5-5', answers: [] },
    });
  });

  it('gives them in one text where its server takes no tools, and is told once what is wrong', async () => {
    const model = scriptedModel([{ ...implementation, files: [{ path: '/a.ts', content: '' }] }, implementation]);
    const { programmer } = await agentsWith(model.call, { hasToolUse: false });
    expect(await programmer(taskWith(STEP_4), signal)).toMatchObject({
      ok: true,
      output: { files: implementation.files },
    });
    expect(model.requests.map(({ tools, output }) => [tools, output?.name])).toEqual([
      [undefined, 'Implementation'],
      [undefined, 'Implementation'],
    ]);
    expect(model.requests[1]?.prompt).toContain('is absolute');
  });

  it('lays its files over those that came with the run, and names both authors', async () => {
    const files = [
      { path: 'sum.ts', content: 'given' },
      { path: 'lib.ts', content: 'given' },
    ];
    const { programmer } = await agentsWith(scriptedModel([implementation]).call);
    expect(await programmer(taskWith({ ...STEP_4, files }), signal)).toMatchObject({
      output: {
        files: [
          { path: 'lib.ts', content: 'given' },
          { path: 'sum.ts', content: 'new' },
        ],
        writtenBy: 'claude-opus-5-5 and input',
      },
    });
  });

  it('must not write a file that a given one shadows', async () => {
    const given = [{ path: 'SUM.ts', content: '' }];
    const { programmer } = await agentsWith(scriptedModel([implementation, implementation]).call);
    expect(await programmer(taskWith({ ...STEP_4, files: given }), signal)).toMatchObject({
      ok: false,
      error: 'Baton.InvalidOutput',
      cause: expect.stringContaining('mean the same file'),
    });
  });

  it('merges what it refines into the full set', async () => {
    const files = [...code.files, { path: 'gone.ts', content: 'x' }, { path: 'kept.ts', content: 'y' }];
    const answer = {
      ...refinement,
      changedFiles: [...refinement.changedFiles, { path: 'added.ts', content: 'z' }],
      removedFiles: ['gone.ts'],
    };
    const { programmer } = await agentsWith(scriptedModel([answer]).call);
    const result = await programmer(taskWith({ ...STEP_6, code: { ...STEP_6.code, files } }), signal);
    expect(result).toMatchObject({
      ok: true,
      output: {
        files: [
          { path: 'added.ts', content: 'z' },
          { path: 'kept.ts', content: 'y' },
          { path: 'sum.ts', content: 'new' },
        ],
        notes: 'refined',
        answers: refinement.answers,
        testCommand: 'node --test',
      },
    });
  });

  it.each([
    ['offline', 'claude-opus-5-5 and unknown'],
    ['claude-opus-5-5', 'claude-opus-5-5'],
    ['offline and input', 'claude-opus-5-5 and offline and input'],
    [undefined, 'claude-opus-5-5 and unknown'],
  ])('never drops an author when it refines: %s becomes %s', async (writtenBy, expected) => {
    const { programmer } = await agentsWith(scriptedModel([refinement]).call);
    const refined = { ...STEP_6, code: writtenBy === undefined ? code : { ...code, writtenBy } };
    expect(await programmer(taskWith(refined), signal)).toMatchObject({ output: { writtenBy: expected } });
  });

  describe('the offline model', () => {
    const offline = (answer: JsonObject, offlineWork = memoryOfflineWork()) =>
      agentsWith(scriptedModel([answer], 'offline').call, { modelFor: () => 'offline', offlineWork });
    const refined = (files: JsonObject[]) => taskWith({ ...STEP_6, code: { ...code, files, writtenBy: 'offline' } });
    const OTHER_RUN = '1c9f4d1f-7e63-4a1d-8a3b-8c2a7b3a6e22';

    it('is the author of what it refines only where its own task of the same run wrote that', async () => {
      const offlineWork = memoryOfflineWork();
      const { programmer } = await offline(implementation, offlineWork);
      await programmer(taskWith(STEP_4), signal);
      const refine = async (task: WorkerTask) => {
        const result = await (await offline(refinement, offlineWork)).programmer(task, signal);
        return result.ok ? Deliverable.parse(result.output).writtenBy : result;
      };
      expect(await refine(refined(implementation.files))).toBe('offline');
      expect(await refine(refined([{ path: 'sum.ts', content: 'an attack' }]))).toBe('offline and unknown');
      expect(await refine(refined([...implementation.files, { path: 'more.ts', content: '' }]))).toBe(
        'offline and unknown',
      );
      const elsewhere = { ...refined(implementation.files), runId: OTHER_RUN, commandId: `${OTHER_RUN}-1` };
      expect(await refine(elsewhere)).toBe('offline and unknown');
    });

    it('has none of its work noted where files came with the run, or another model answered', async () => {
      const notes: string[] = [];
      const offlineWork = { ...memoryOfflineWork(), record: async (id: string) => void notes.push(id) };
      const files = [{ path: 'given.ts', content: 'an attack' }];
      await (await offline(implementation, offlineWork)).programmer(taskWith({ ...STEP_4, files }), signal);
      await (await offline(refinement, offlineWork)).programmer(refined(files), signal);
      const claims = await agentsWith(scriptedModel([implementation], 'offline').call, { offlineWork });
      await claims.programmer(taskWith(STEP_4), signal);
      expect(notes).toEqual([]);
    });
  });

  it.each([
    ['removes a file that is not there', { removedFiles: ['nowhere.ts'] }, 'There is no nowhere.ts'],
    ['changes and removes one file', { removedFiles: ['sum.ts'] }, 'both changed and removed'],
    ['removes everything', { changedFiles: [], removedFiles: ['sum.ts'] }, 'nothing would be left'],
    ['writes outside its folder', { changedFiles: [{ path: '/sum.ts', content: '' }] }, 'is absolute'],
    ['writes a file twice', { changedFiles: [{ path: 'SUM.ts', content: '' }] }, 'mean the same file'],
  ])('is asked again when it %s', async (_, changes: JsonObject, problem) => {
    const model = scriptedModel([{ ...refinement, ...changes }, refinement]);
    const { programmer } = await agentsWith(model.call);
    expect(await programmer(taskWith(STEP_6), signal)).toMatchObject({ ok: true });
    expect(model.requests[1]?.turns?.[0]?.note).toContain(problem);
  });

  it('keeps an implementation in which answers were forgotten, and says which', async () => {
    const comments = [{ id: 'H1', by: 'user:ada', comment: 'Name it total.', round: 1 }];
    const given = { to: 'P1', answer: 'added' };
    const model = scriptedModel([{ ...refinement, answers: [given] }]);
    const { programmer } = await agentsWith(model.call);
    const missing = ['H1', 'types'].map((to) => ({ to, answer: 'No answer was given.' }));
    expect(await programmer(taskWith({ ...STEP_6, comments }), signal)).toMatchObject({
      ok: true,
      output: { files: [{ path: 'sum.ts', content: 'new' }], answers: [given, ...missing] },
    });
    expect(model.requests).toHaveLength(1);
    expect(model.requests[0]?.prompt).toMatch(/BEGIN DATA comments [\s\S]*Name it total\.[\s\S]*END DATA comments/);
  });
});
