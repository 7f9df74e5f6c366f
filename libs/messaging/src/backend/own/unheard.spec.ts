import { expect, test } from 'vitest';
import type { TakenMessage } from './message-store.js';
import { Unheard } from './unheard.js';

const message = (id: string): TakenMessage => ({
  ...{ id, jobId: id, name: 'task', data: '{}', priority: 0, failures: 0, deliveries: 1, stalls: 0, waitedMs: 0 },
});
const idsOf = (messages: readonly TakenMessage[]): readonly string[] => messages.map(({ id }) => id);

test('what is in hand, and what was begun and ended meanwhile, was heard', async () => {
  const unheard = new Unheard();
  const answer = Promise.withResolvers<readonly TakenMessage[]>();
  const asked = Promise.withResolvers<void>();
  const looked = unheard.look(
    () => ['in work', 'done'],
    () => {
      asked.resolve();
      return answer.promise;
    },
  );
  await asked.promise;
  unheard.begun('begun since');
  answer.resolve(['in work', 'done', 'begun since', 'lost'].map(message));
  expect(idsOf(await looked)).toEqual(['lost']);
});

test('a look that fails tells of it, and the next one is made all the same, after it', async () => {
  const unheard = new Unheard();
  const refused = unheard.look(
    () => [],
    async () => {
      unheard.begun('a');
      throw new Error('not there');
    },
  );
  const next = unheard.look(
    () => [],
    async () => [message('a')],
  );
  await expect(refused).rejects.toThrow('not there');
  expect(idsOf(await next)).toEqual(['a']);
});
