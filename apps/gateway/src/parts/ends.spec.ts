import { expect, test, vi } from 'vitest';
import { Ends } from './ends.js';

type Take = (runIds: readonly string[]) => void;

function given({ fold = async () => {}, failures = 0 }: { fold?: () => Promise<void>; failures?: number } = {}) {
  const takes: Take[] = [];
  let failing = failures;
  const hearEnds = async (take: Take): Promise<void> => {
    failing -= 1;
    if (failing >= 0) throw new Error('away');
    takes.push(take);
  };
  const said: string[] = [];
  const say = (_: object, message?: string): void => void said.push(message ?? '');
  const ends = new Ends({ hearEnds }, fold, { debug: say, warn: say });
  return { ends, said, takes, tell: (...runIds: string[]) => takes.forEach((take) => void take(runIds)) };
}

test('whoever waits is woken once the views have the end of the run, and nobody else', async () => {
  const order: string[] = [];
  const { ends, tell } = given({ fold: async () => void order.push('folded') });
  ends.listen('r-1', () => order.push('woken'));
  ends.listen('r-2', () => order.push('another'));
  await Promise.resolve();
  tell('r-0', 'r-1');
  await vi.waitFor(() => expect(order).toEqual(['folded', 'woken']), { timeout: 20_000 });
});

test('nothing is folded for runs that nobody waits for', async () => {
  const fold = vi.fn(async () => {});
  const { ends, tell } = given({ fold });
  const end = ends.listen('r-1', () => {});
  await Promise.resolve();
  end();
  tell('r-1');
  expect(fold).not.toHaveBeenCalled();
});

test('one ear is enough for all who wait, and where it could not be opened the next one tries again', async () => {
  const { ends, takes, said } = given({ failures: 1 });
  ends.listen('r-1', () => {});
  await vi.waitFor(() => expect(said).toHaveLength(1), { timeout: 20_000 });
  ends.listen('r-2', () => {});
  ends.listen('r-3', () => {});
  await vi.waitFor(() => expect(takes).toHaveLength(1), { timeout: 20_000 });
});
