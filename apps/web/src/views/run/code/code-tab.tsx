import { useQuery } from '@tanstack/react-query';
import { type ReactElement, useMemo } from 'react';
import { mayDo, sessionQuery } from '../../../api/session.js';
import { Button } from '../../../parts/button.js';
import { useRunEvents } from '../run-events.js';
import type { TabProps } from '../run-tabs.js';
import { Changes } from './changes.js';
import { CODE_PARTS, type CodePart } from './code-parts.js';
import { Files } from './files.js';
import { ModelCalls } from './model-calls.js';
import { Result } from './result.js';
import { useCodeSearch } from './use-code-search.js';
import { versionsIn } from './versions.js';
import { Versions } from './versions-part.js';

const TITLES: Readonly<Record<CodePart, string>> = {
  versions: 'Versions',
  changes: 'Changes to the workspace',
  files: 'Files',
  result: 'Result',
  calls: 'Model calls',
};

/** What a run made, how it came about, and what was said to models for it. */
export function CodeTab({ run }: TabProps): ReactElement {
  const { search, look } = useCodeSearch();
  const { data: session } = useQuery(sessionQuery);
  const { data: log } = useRunEvents(run.runId);
  const hasWorkspace = useMemo(() => versionsIn(log?.events ?? []).some(({ tree }) => tree !== null), [log]);
  const { look: part = 'versions' } = search;
  const isShown: Readonly<Record<CodePart, boolean>> = {
    ...{ versions: true, files: true, result: true },
    changes: hasWorkspace || part === 'changes',
    calls: mayDo(session, 'operator', 'auditor'),
  };
  return (
    <div className="space-y-3">
      <fieldset className="flex flex-wrap gap-1">
        <legend className="sr-only">What is shown of it</legend>
        {CODE_PARTS.filter((each) => isShown[each]).map((each) => (
          <Button
            key={each}
            kind={each === part ? 'plain' : 'quiet'}
            aria-pressed={each === part}
            onClick={() => look({ look: each, made: undefined, with: undefined, task: undefined })}
          >
            {TITLES[each]}
          </Button>
        ))}
      </fieldset>
      {part === 'versions' ? <Versions run={run} /> : null}
      {part === 'changes' ? <Changes run={run} /> : null}
      {part === 'files' ? <Files run={run} /> : null}
      {part === 'result' ? <Result run={run} /> : null}
      {part === 'calls' && isShown.calls ? <ModelCalls run={run} /> : null}
    </div>
  );
}
