import type { Stack, Victim } from '@baton/test-stack';

/**
 * Kills parts of a stack, which nothing starts again until that is allowed: whoever would do so is held still meanwhile.
 *
 * @returns allows it
 */
export async function away(stack: Stack, ...victims: readonly Victim[]): Promise<() => void> {
  stack.supervisor.kill('SIGSTOP');
  const back = (): void => void stack.supervisor.kill('SIGCONT');
  try {
    for (const victim of victims) await stack.kill(victim);
  } catch (thrown) {
    back();
    throw thrown;
  }
  return back;
}
