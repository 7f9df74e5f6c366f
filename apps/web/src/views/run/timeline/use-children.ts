import { childRunIdOf } from '@baton/contracts';
import { useMemo, useRef } from 'react';
import { type RunEvent, useEventsOfRuns } from '../run-events.js';
import type { RunStory } from '../story/story.js';
import { tellStory } from '../story/tell-story.js';
import type { ChildStory } from './rows.js';

/** The stories of the child runs that were opened, by the commands that ask for them; told again only where there is more to tell. */
export function useChildren(commandIds: readonly string[]): ReadonlyMap<string, ChildStory> {
  const logs = useEventsOfRuns(commandIds.map(childRunIdOf));
  const told = useRef(new WeakMap<readonly RunEvent[], RunStory>());
  const stories = logs.map((events) => {
    if (events === null) return null;
    const known = told.current.get(events) ?? tellStory(events);
    told.current.set(events, known);
    return known;
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: the stories themselves say whether something is new
  return useMemo(
    () =>
      new Map(
        commandIds.map((commandId, place) => [
          commandId,
          { runId: childRunIdOf(commandId), story: stories[place] ?? null },
        ]),
      ),
    [commandIds, ...stories],
  );
}
