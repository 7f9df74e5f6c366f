import { randomUUID } from 'node:crypto';
import { BatonError } from '@baton/contracts';
import { findSandbox, openRunFolder } from '@baton/sandbox';
import type { AgentSettings } from './env.ts';
import { type AgentPlace, placesOf } from './run-agent.ts';

/**
 * Finds out what the agent can run in, ends what a killed worker left at work, and removes its folders.
 *
 * @throws BatonError `sandbox-failed` where it cannot run as it was said
 */
export async function openPlace(settings: AgentSettings, tmpDir: string): Promise<Omit<AgentPlace, 'store'>> {
  const choice = await findSandbox({
    setting: settings.sandbox,
    tmpDir,
    hidden: settings.hidden,
    toolchain: placesOf(settings),
    now: () => new Date(),
    newMark: randomUUID,
  });
  await (await openRunFolder(tmpDir, new Date())).remove();
  if (choice.executes === 'anything') return { settings, choice, tmpDir };
  throw new BatonError(`The agent cannot run with FOREIGN_AGENT_SANDBOX=${settings.sandbox}: ${choice.summary}.`, {
    code: 'sandbox-failed',
    ...(choice.next === null ? {} : { next: choice.next }),
  });
}
