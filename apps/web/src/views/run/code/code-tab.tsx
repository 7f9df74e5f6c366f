import { useQuery } from '@tanstack/react-query';
import { type ReactElement, useState } from 'react';
import { mayDo, sessionQuery } from '../../../api/session.js';
import { Button } from '../../../parts/button.js';
import type { TabProps } from '../run-tabs.js';
import { CODE_PARTS, type CodePart } from './code-parts.js';
import { Files } from './files.js';
import { ModelCalls } from './model-calls.js';
import { Result } from './result.js';
import { Versions } from './versions-part.js';

const TITLES: Readonly<Record<CodePart, string>> = {
  versions: 'Versions',
  files: 'Files',
  result: 'Result',
  calls: 'Model calls',
};

/** What a run made, how it came about, and what was said to models for it. */
export function CodeTab({ run }: TabProps): ReactElement {
  const [part, setPart] = useState<CodePart>('versions');
  const { data: session } = useQuery(sessionQuery);
  const shown = CODE_PARTS.filter((each) => each !== 'calls' || mayDo(session, 'operator', 'auditor'));
  return (
    <div className="space-y-3">
      <fieldset className="flex flex-wrap gap-1">
        <legend className="sr-only">What is shown of it</legend>
        {shown.map((each) => (
          <Button
            key={each}
            kind={each === part ? 'plain' : 'quiet'}
            aria-pressed={each === part}
            onClick={() => setPart(each)}
          >
            {TITLES[each]}
          </Button>
        ))}
      </fieldset>
      {part === 'versions' ? <Versions run={run} /> : null}
      {part === 'files' ? <Files run={run} /> : null}
      {part === 'result' ? <Result run={run} /> : null}
      {part === 'calls' ? <ModelCalls run={run} /> : null}
    </div>
  );
}
