import { useEffect } from 'react';
import type { Schemas } from '../../api/api.js';

type Named = Pick<Schemas['RunDetail'], 'runId' | 'workflow' | 'status' | 'waitingFor'>;

/** As people name a run, and as the commands take it. */
export const shortId = (runId: string): string => runId.slice(0, 8);

/** What a run does now, in the fewest words. */
function stateOf({ status, waitingFor }: Omit<Named, 'runId' | 'workflow'>): string {
  if (status !== 'running') return status;
  if (waitingFor.some(({ kind }) => kind === 'approval')) return 'waits for a person';
  return waitingFor.length > 0 ? 'waiting' : 'running';
}

export const titleOf = (run: Named): string => `${stateOf(run)} · ${run.workflow} ${shortId(run.runId)} · Baton`;

/** Among the tabs of a browser a run is found by its state. */
export function useRunTitle(run: Named | undefined): void {
  const title = run === undefined ? null : titleOf(run);
  useEffect(() => {
    if (title === null) return;
    document.title = title;
    return () => {
      document.title = 'Baton';
    };
  }, [title]);
}
