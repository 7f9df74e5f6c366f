import { apiError, type MessagesServer, message, startMessagesServer } from '@baton/llm/testing';
import type { HandleContext } from '@baton/worker';
import { afterEach, expect, test } from 'vitest';
import { readSettings } from './env.ts';
import { triage } from './triage.ts';

const TICKET = {
  subject: 'Login',
  text: 'Since this morning nobody of us can log in.',
  knownProblems: { 'login-outage': 'Logins fail since 06:00, being mended.' },
};
const TRIAGE = { priority: 'urgent', team: 'accounts', summary: 'Nobody can log in.', known: ['login-outage'] };
const call = (id: string, name: string, input: object) =>
  message({ texts: [], stopReason: 'tool_use', calls: [{ id, name, json: JSON.stringify(input) }] });
const WORDS = call('1', 'known_problem', {});
const WORD = call('2', 'known_problem', { word: 'login-outage' });
const HAND_IN = call('3', 'hand_in', TRIAGE);

let server: MessagesServer | undefined;
afterEach(() => server?.close());

/** What a worker has around a task, in which a kill may come behind a note. */
function taskOf(notes: unknown[] = [], mostNotes = Number.POSITIVE_INFINITY) {
  const told: Parameters<HandleContext['tell']>[0][] = [];
  const context: Parameters<typeof triage>[1] = {
    signal: new AbortController().signal,
    budget: undefined,
    heartbeat: () => {},
    tell: (facts) => void told.push(facts),
    journal: {
      read: async (index) => JSON.parse(JSON.stringify(notes[index] ?? null)),
      write: async (index, note) => {
        notes[index] ??= note;
        if (notes.length >= mostNotes) throw new Error('killed');
      },
    },
  };
  return { context, told, notes };
}

async function settingsFor(...replies: readonly ReturnType<typeof message>[]) {
  server = await startMessagesServer(...replies);
  const env = { ANTHROPIC_API_KEY: 'key', ANTHROPIC_BASE_URL: server.url };
  return { settings: readSettings({ ...env, TRIAGE_INPUT_USD: '3', TRIAGE_OUTPUT_USD: '15' }), server };
}

test('a ticket is triaged in a conversation with tools, and what it cost is told', async () => {
  const { settings, server: asked } = await settingsFor(WORDS, WORD, HAND_IN);
  const { context, told } = taskOf();
  expect(await triage(TICKET, context, settings)).toEqual(TRIAGE);
  expect(JSON.stringify(asked.received[2]?.body)).toContain('Logins fail since 06:00');
  expect(told.at(-1)).toEqual({
    model: 'claude-sonnet-5-5',
    usage: { inputTokens: 30, outputTokens: 75, costUsd: (30 * 3 + 75 * 15) / 1e6 },
  });
});

test.each([1, 2, 3])('killed behind answer %i, the task goes on from there and pays nothing twice', async (kept) => {
  const { settings, server: asked } = await settingsFor(WORDS, WORD, HAND_IN);
  const { context, notes } = taskOf([], kept);
  await expect(triage(TICKET, context, settings)).rejects.toThrow('killed');
  const again = taskOf(notes);
  expect(await triage(TICKET, again.context, settings)).toEqual(TRIAGE);
  expect(asked.received).toHaveLength(3);
  expect(again.told.at(-1)?.usage).toMatchObject({ inputTokens: 30, outputTokens: 75 });
});

test('of two deliveries at once both go on with the answer that was noted first', async () => {
  const { settings } = await settingsFor(HAND_IN, call('4', 'hand_in', { ...TRIAGE, priority: 'low' }));
  const one = taskOf();
  const other = taskOf(one.notes);
  const handedIn = await Promise.all([one, other].map(({ context }) => triage(TICKET, context, settings)));
  expect(handedIn[1]).toEqual(handedIn[0]);
  expect(JSON.stringify(one.notes[0])).toContain(`"priority":"${handedIn[0]?.priority}"`);
});

test('what is handed in and does not fit goes back once more', async () => {
  const { settings, server: asked } = await settingsFor(call('1', 'hand_in', { ...TRIAGE, team: 'sales' }), HAND_IN);
  expect(await triage(TICKET, taskOf().context, settings)).toEqual(TRIAGE);
  expect(JSON.stringify(asked.received[1]?.body)).toContain('team');
});

test('a model that hands in nothing, and a key that is refused, are failures with names', async () => {
  const nothing = await settingsFor(message({ texts: ['I cannot.'] }));
  await expect(triage(TICKET, taskOf().context, nothing.settings)).rejects.toMatchObject({ name: 'NoTriage' });
  await nothing.server.close();
  const refused = await settingsFor(apiError(401, 'authentication_error', 'no'));
  await expect(triage(TICKET, taskOf().context, refused.settings)).rejects.toMatchObject({ code: 'messages-401' });
});
