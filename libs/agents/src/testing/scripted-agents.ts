import { fileURLToPath } from 'node:url';
import type { Json, JsonObject } from '@baton/contracts';
import type { CallModel, ModelRequest } from '@baton/llm';
import { joinedJournal, type WorkerTask } from '@baton/worker';
import { memoryStore } from '@baton/workspace/testing';
import { type AgentsConfig, createAgents } from '../create-agents.js';
import { findingSandbox } from '../service/finding-sandbox.js';
import { loadTemplates } from '../templates/load-templates.js';

export const PROMPTS_DIR = fileURLToPath(new URL('../../../../prompts', import.meta.url));

/** What a scripted model does at one call: answer with this value as JSON, with this text, or throw this error. */
export type ScriptedAnswer = JsonObject | string | Error;

/** A model that gives the answers one after the other and remembers what it was asked. For tests. */
export function scriptedModel(answers: readonly ScriptedAnswer[], model = 'claude-opus-5-5') {
  const requests: ModelRequest[] = [];
  const call: CallModel = async (request) => {
    const answer = answers[requests.length];
    requests.push(request);
    if (answer === undefined) throw new Error(`no answer was scripted for call ${requests.length}`);
    if (answer instanceof Error) throw answer;
    const text = typeof answer === 'string' ? answer : JSON.stringify(answer);
    return {
      text,
      content: [{ type: 'text', text }],
      toolCalls: [],
      model,
      stopReason: 'end_turn',
      usage: { inputTokens: 1000, outputTokens: 100, cacheReadTokens: 10, cacheWriteTokens: 1 },
      requestId: null,
    };
  };
  return { call, requests };
}

/** A journal in memory, shared by everything that is made from it. */
export function memoryJournal() {
  const entries = new Map<string, Json>();
  const read = async (commandId: string, callIndex: number): Promise<Json | null> =>
    entries.get(`${commandId}/${callIndex}`) ?? null;
  const journalFor: AgentsConfig['journalFor'] = (commandId, continues = []) => {
    const write = async (callIndex: number, response: Json): Promise<void> => {
      const key = `${commandId}/${callIndex}`;
      if (!entries.has(key)) entries.set(key, response);
    };
    return joinedJournal(continues, { read: (callIndex) => read(commandId, callIndex), write }, read);
  };
  return { entries, journalFor };
}

/** Told apart by runs, as the database does it: a command's id begins with that of its run. */
export function memoryOfflineWork(): AgentsConfig['offlineWork'] {
  const known = new Set<string>();
  const keyOf = (commandId: string, sha256: string) => `${commandId.slice(0, 36)} ${sha256}`;
  return {
    record: async (commandId, sha256) => void known.add(keyOf(commandId, sha256)),
    isKnown: async (commandId, sha256) => known.has(keyOf(commandId, sha256)),
  };
}

/** The agents with the shipped templates, and with those of other folders over them. */
export const agentsWith = async (
  callModel: CallModel,
  { promptsDirs = [], ...changes }: Partial<AgentsConfig> & { readonly promptsDirs?: readonly string[] } = {},
) =>
  createAgents({
    callModel,
    modelFor: () => 'claude-opus-5-5',
    templates: await loadTemplates(PROMPTS_DIR, promptsDirs),
    sandbox: findingSandbox({ setting: undefined, hidden: [] }),
    journalFor: memoryJournal().journalFor,
    offlineWork: memoryOfflineWork(),
    blobs: memoryStore(),
    log: { info: () => {}, warn: () => {} },
    now: () => new Date('2026-11-21T00:00:00Z'),
    ...changes,
  });

export const taskWith = (args: Json, changes: Partial<WorkerTask> = {}): WorkerTask => ({
  commandId: '0b8f3c0e-6d52-4f0c-9f2a-7b1f6a2f5d11-1',
  runId: '0b8f3c0e-6d52-4f0c-9f2a-7b1f6a2f5d11',
  state: 'Plan',
  attempt: 1,
  arguments: args,
  ...changes,
});
