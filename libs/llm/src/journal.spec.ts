import type { Json } from '@baton/contracts';
import { describe, expect, test } from 'vitest';
import { UnusableAnswer } from './errors.js';
import { type Journal, withJournal } from './journal.js';
import type { CallModel, ModelRequest } from './model.js';

const request = (prompt: string): ModelRequest => ({
  agent: 'planner',
  template: { id: 'any', version: '1.0.0' },
  model: 'offline',
  system: '',
  prompt,
  variables: {},
  output: { name: 'Any', jsonSchema: {} },
  maxOutputTokens: 1000,
  conversationId: 'run-1',
});

const signal = new AbortController().signal;

/** Keeps its entries as the text a database would, so that what cannot be stored shows. */
function memoryJournal(): Journal & { readonly entries: Map<number, string> } {
  const entries = new Map<number, string>();
  return {
    entries,
    read: async (index) => {
      const text = entries.get(index);
      return text === undefined ? null : JSON.parse(text);
    },
    write: async (index, response: Json) => {
      if (!entries.has(index)) entries.set(index, JSON.stringify(response));
    },
  };
}

function countingModel(): { readonly call: CallModel; readonly paid: () => number } {
  let paid = 0;
  return {
    paid: () => paid,
    call: async ({ prompt }) => {
      paid += 1;
      return {
        text: `${prompt} (${paid})`,
        content: [{ type: 'text', text: prompt }],
        toolCalls: [],
        model: 'claude-opus-5-5',
        stopReason: 'end_turn',
        usage: { inputTokens: 1, outputTokens: 2, cacheReadTokens: 3, cacheWriteTokens: 4 },
        requestId: 'req_1',
      };
    },
  };
}

describe('withJournal', () => {
  test('gives a repeated task the same responses without a call, and counts them as replayed', async () => {
    const journal = memoryJournal();
    const model = countingModel();
    const first = withJournal(model.call, journal);
    const answers = [await first.call(request('a'), signal), await first.call(request('b'), signal)];
    expect(first.counts()).toEqual({ calls: 2, replayed: 0 });

    const again = withJournal(model.call, journal);
    expect([await again.call(request('a'), signal), await again.call(request('b'), signal)]).toEqual(answers);
    expect(again.counts()).toEqual({ calls: 2, replayed: 2 });
    expect(model.paid()).toBe(2);
  });

  test('pays only for the call that was cut off', async () => {
    const journal = memoryJournal();
    const model = countingModel();
    await withJournal(model.call, journal).call(request('a'), signal);

    const again = withJournal(model.call, journal);
    await again.call(request('a'), signal);
    await again.call(request('b'), signal);
    expect(again.counts()).toEqual({ calls: 2, replayed: 1 });
    expect(model.paid()).toBe(2);
  });

  test('has a response in the journal before the caller sees it', async () => {
    const journal = memoryJournal();
    const response = await withJournal(countingModel().call, journal).call(request('a'), signal);
    expect(JSON.parse(journal.entries.get(0) ?? 'null')).toEqual(response);
  });

  test('keeps the order in which calls were started, whichever ends first', async () => {
    const journal = memoryJournal();
    const ends = new Map<string, () => void>();
    const slow: CallModel = async (asked) => {
      await new Promise<void>((resolve) => ends.set(asked.prompt, resolve));
      return countingModel().call(asked, signal);
    };
    const { call } = withJournal(slow, journal);
    const both = Promise.all([call(request('first'), signal), call(request('second'), signal)]);
    await expect.poll(() => ends.size).toBe(2);
    ends.get('second')?.();
    ends.get('first')?.();
    await both;
    expect(journal.entries.get(0)).toContain('first');
    expect(journal.entries.get(1)).toContain('second');
  });

  test('does not journal an error, so that the next try asks again', async () => {
    const journal = memoryJournal();
    const failing = withJournal(() => Promise.reject(new Error('overloaded')), journal);
    await expect(failing.call(request('a'), signal)).rejects.toThrow('overloaded');
    expect(journal.entries.size).toBe(0);
  });

  test('journals an answer of no use, which was paid too, and throws it again without a call', async () => {
    const journal = memoryJournal();
    const spent = {
      model: 'claude-opus-5-5',
      stopReason: 'max_tokens',
      usage: { inputTokens: 1, outputTokens: 2, cacheReadTokens: 3, cacheWriteTokens: 4 },
      requestId: null,
    };
    const cut = new UnusableAnswer('Cut.', { code: 'model-output-limit', next: 'Raise the limit.', spent });
    const failing = withJournal(() => Promise.reject(cut), journal);
    await expect(failing.call(request('a'), signal)).rejects.toBe(cut);

    const model = countingModel();
    const again = withJournal(model.call, journal);
    const error = await again.call(request('a'), signal).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UnusableAnswer);
    expect(error).toMatchObject({ message: 'Cut.', code: 'model-output-limit', next: 'Raise the limit.', spent });
    expect(again.counts()).toEqual({ calls: 1, replayed: 1 });
    expect(model.paid()).toBe(0);
  });

  test('fails when the response cannot be journaled, rather than hand out an answer nobody can repeat', async () => {
    const journal: Journal = { read: async () => null, write: () => Promise.reject(new Error('disk full')) };
    await expect(withJournal(countingModel().call, journal).call(request('a'), signal)).rejects.toThrow('disk full');
  });

  test('stops at an entry that is no response', async () => {
    const journal: Journal = { read: async () => ({ text: 1 }), write: async () => undefined };
    await expect(withJournal(countingModel().call, journal).call(request('a'), signal)).rejects.toMatchObject({
      code: 'journal-unreadable',
    });
  });
});
