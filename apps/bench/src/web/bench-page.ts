import { publish, type Stack } from '@baton/test-stack';
import type { Page } from 'playwright-core';

/** The dashboard in a real browser, on a stack of its own. */
export interface WebBench {
  readonly stack: Stack;
  readonly page: Page;
  /** Of live updates, while the memory of the tab is looked at. */
  readonly minutes: number;
  /** Between what happens to a run, meanwhile. */
  readonly everySeconds: number;
  readonly say: (text: string) => void;
}

/** Publishes a workflow without workers. */
export const publishStates = (stack: Stack, name: string, StartAt: string, States: object): Promise<void> =>
  publish(stack, {
    name,
    version: '1.0.0',
    title: 'For the bench of the dashboard',
    definition: { QueryLanguage: 'JSONata', StartAt, States },
  });
