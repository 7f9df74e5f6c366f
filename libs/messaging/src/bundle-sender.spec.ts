import { MessageBundle, MOST_IN_BUNDLE, RetryableError, TerminalError } from '@baton/contracts';
import { expect, test } from 'vitest';
import { createBundleSender } from './bundle-sender.js';
import type { OutgoingJob } from './messaging.js';

const job = (n: number, text = ''): OutgoingJob => ({ jobId: `j-${n}`, name: 'succeeded', data: { n, text } });

/** A queue that remembers what came, and refuses what it is told to. */
function given(refuse: (jobs: readonly OutgoingJob[]) => Error | null = () => null) {
  const sent: (readonly OutgoingJob[])[] = [];
  const sender = createBundleSender({
    publish: async (_, jobs) => {
      const refused = refuse(jobs);
      if (refused !== null) throw refused;
      sent.push(jobs);
    },
  });
  const names = () => sent.flat().map(({ name, jobId, data }) => (name === 'bundle' ? numbers(data) : jobId));
  return { sender, sent, names };
}

const numbers = (data: unknown) =>
  MessageBundle.parse(data).messages.map((message) => (message.data as { readonly n: number }).n);

test('what is ready at the same moment goes as one job, and what is alone as it is', async () => {
  const { sender, names } = given();
  await Promise.all([1, 2, 3].map((n) => sender.send('results-0', job(n))));
  await sender.send('results-0', job(4));
  expect(names()).toEqual([[1, 2, 3], 'j-4']);
});

test('queues have nothing to do with each other', async () => {
  const { sender, sent } = given();
  await Promise.all([sender.send('a', job(1)), sender.send('b', job(2))]);
  expect(sent.map((jobs) => jobs.map(({ jobId }) => jobId))).toEqual([['j-1'], ['j-2']]);
});

test('what becomes ready while others are on their way goes with the next job', async () => {
  const gate = Promise.withResolvers<void>();
  const sent: string[] = [];
  const sender = createBundleSender({
    publish: async (_, jobs) => {
      sent.push(...jobs.map(({ name }) => name));
      await gate.promise;
    },
  });
  const first = sender.send('a', job(1));
  await new Promise(setImmediate);
  const rest = [2, 3].map((n) => sender.send('a', job(n)));
  await new Promise(setImmediate);
  expect(sent).toEqual(['succeeded']);
  gate.resolve();
  await Promise.all([first, ...rest]);
  expect(sent).toEqual(['succeeded', 'bundle']);
});

test('a job never holds more messages, nor more bytes, than are allowed', async () => {
  const { sender, sent } = given();
  const small = Array.from({ length: MOST_IN_BUNDLE + 1 }, (_, n) => job(n));
  await Promise.all(small.map((each) => sender.send('a', each)));
  const large = Array.from({ length: 10 }, (_, n) => job(n, 'x'.repeat(60_000)));
  await Promise.all(large.map((each) => sender.send('b', each)));
  const sizes = sent.flat().map(({ name, data }) => (name === 'bundle' ? numbers(data).length : 1));
  expect(sizes).toEqual([MOST_IN_BUNDLE, 1, 4, 4, 2]);
});

test('one that its queue refuses for good does not take the others along', async () => {
  const tooLarge = new TerminalError('too large', { code: 'message-too-large' });
  const { sender, names } = given((jobs) =>
    jobs.some(({ name, data }) => (name === 'bundle' ? numbers(data).includes(2) : data.n === 2)) ? tooLarge : null,
  );
  const outcomes = await Promise.allSettled([1, 2, 3].map((n) => sender.send('a', job(n))));
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(names()).toEqual(['j-1', 'j-3']);
});

test('all are told where the server is away, and the next ones are sent again', async () => {
  let isAway = true;
  const away = new RetryableError('away', { code: 'queue-unreachable', retryAfterMs: 1 });
  const { sender, names } = given(() => (isAway ? away : null));
  const outcomes = await Promise.allSettled([1, 2].map((n) => sender.send('a', job(n))));
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  isAway = false;
  await sender.send('a', job(3));
  expect(names()).toEqual(['j-3']);
});
