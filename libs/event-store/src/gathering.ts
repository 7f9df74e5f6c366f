/** As many as go into one question. */
const MOST_AT_ONCE = 500;

interface Asking<Key, Answer> {
  readonly key: Key;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (thrown: unknown) => void;
}

/**
 * Asks for many keys at once: what is asked for while a question is on its way goes together into the next one. Who asks
 * alone waits for no more than the answer, and every answer is younger than its question.
 *
 * @param ask answers for any key that it is given
 */
export function gathering<Key, Answer>(
  ask: (keys: readonly Key[]) => Promise<(key: Key) => Answer>,
): (key: Key) => Promise<Answer> {
  let waiting: Asking<Key, Answer>[] = [];
  let isAsking = false;

  const askAll = async (): Promise<void> => {
    // Those of the same moment belong together: a bundle of messages arrives as many calls of it.
    await new Promise<void>((resolve) => process.nextTick(resolve));
    while (waiting.length > 0) {
      const asked = waiting.slice(0, MOST_AT_ONCE);
      waiting = waiting.slice(MOST_AT_ONCE);
      try {
        const answerFor = await ask(asked.map(({ key }) => key));
        for (const { key, resolve } of asked) resolve(answerFor(key));
      } catch (thrown) {
        for (const { reject } of asked) reject(thrown);
      }
    }
    isAsking = false;
  };

  return (key) =>
    new Promise((resolve, reject) => {
      waiting.push({ key, resolve, reject });
      if (isAsking) return;
      isAsking = true;
      void askAll();
    });
}
