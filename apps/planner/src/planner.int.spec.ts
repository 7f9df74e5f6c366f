import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type AgentEnv, Plan, startAgent } from '@baton/agents';
import { TaskFailed, TaskSucceeded } from '@baton/contracts';
import { WorkerFixture } from '@baton/worker/testing';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it, onTestFinished } from 'vitest';
import { PlannerModule } from './planner.module.js';

const BATON_PROMPTS_DIR: string[] = [];
const planArguments = {
  template: 'step1_initial_planner_prompt_template',
  requirements: 'Write a program that greets people by name.\n- It says hello.\n- It refuses an empty name.',
  language: 'typescript',
  workspaceType: 'isolated',
  documentationLocations: [],
  files: [],
};

describe('the planner service', () => {
  let fixture: WorkerFixture;
  beforeAll(async () => {
    fixture = await WorkerFixture.open(inject('postgresUrl'), 'planner');
  });
  afterEach(() => fixture.stop());
  afterAll(() => fixture?.close());

  const start = (changes: Partial<AgentEnv> = {}): Promise<void> =>
    fixture.start((context) =>
      startAgent({ agent: 'planner', module: PlannerModule }, context, {
        ...fixture.env,
        BATON_PROMPTS_DIR,
        ...changes,
      }),
    );

  it('answers a task on the results queue of its run', async () => {
    await start();
    const { name, data } = await fixture.resultOf(await fixture.send({ arguments: planArguments }));
    expect(name).toBe('succeeded');
    const result = TaskSucceeded.parse(data);
    expect(result).toMatchObject({ model: 'offline', journal: { calls: 1, replayed: 0 } });
    expect(Plan.parse(result.output).files.length).toBeGreaterThan(0);
  });

  /** A server that takes no key; one that has no Models API says so only when a question comes. */
  const refusing = async (hasModels: boolean): Promise<string> => {
    const server = createServer((request, response) => {
      const isUnknown = request.method === 'GET' && !hasModels;
      response.writeHead(isUnknown ? 404 : 401, { 'content-type': 'application/json' });
      response.end('{"type":"error","error":{"type":"authentication_error","message":"invalid x-api-key"}}');
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };

  it('does not start with an API key that is refused, and names ANTHROPIC_API_KEY', async () => {
    const url = await refusing(true);
    await expect(start({ ANTHROPIC_API_KEY: 'wrong', ANTHROPIC_BASE_URL: url })).rejects.toMatchObject({
      name: 'TerminalError',
      code: 'model-auth',
      message: expect.stringContaining('ANTHROPIC_API_KEY was refused'),
    });
  });

  it('reports an API key that is refused later as a failed task', async () => {
    await start({ ANTHROPIC_API_KEY: 'wrong', ANTHROPIC_BASE_URL: await refusing(false) });
    const { name, data } = await fixture.resultOf(await fixture.send({ arguments: planArguments }));
    expect(name).toBe('failed');
    expect(TaskFailed.parse(data)).toMatchObject({
      error: 'Baton.ModelUnavailable',
      retryable: false,
      cause: expect.stringContaining('ANTHROPIC_API_KEY'),
    });
  });

  it('does not start with prices that are not valid', async () => {
    await expect(start({ BATON_PRICES: '/nowhere/prices.yaml' })).rejects.toMatchObject({ code: 'prices-unreadable' });
  });

  it('reports arguments that do not fit as a failed task', async () => {
    await start();
    const unfit = await fixture.send({ arguments: { ...planArguments, requirements: ' ' } });
    const { name, data } = await fixture.resultOf(unfit);
    expect(name).toBe('failed');
    expect(TaskFailed.parse(data)).toMatchObject({ error: 'Baton.InvalidInput', retryable: false });
  });

  it('starts and works where a folder of templates is not there, with those that ship', async () => {
    await start({ BATON_PROMPTS_DIR: ['/nowhere'] });
    const task = await fixture.send({ arguments: planArguments });
    const { data } = await fixture.resultOf(task);
    expect(TaskSucceeded.parse(data).template).toMatchObject({ variant: 'main', id: planArguments.template });
  });

  it('keeps the exact text that a task was asked with, by the hash in its result', async () => {
    await start();
    const { data } = await fixture.resultOf(await fixture.send({ arguments: planArguments }));
    const sha256 = TaskSucceeded.parse(data).template?.sha256 ?? '';
    const shipped = new URL(`../../../prompts/${planArguments.template}.md`, import.meta.url);
    const { rows } = await fixture.pool.query('select content from baton.blob where sha256 = $1', [
      Buffer.from(sha256, 'hex'),
    ]);
    expect(rows[0]?.content.toString('utf8')).toBe(await readFile(shipped, 'utf8'));
  });
});
