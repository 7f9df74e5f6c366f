import { Link } from '@tanstack/react-router';
import { type ReactElement, Suspense, useMemo } from 'react';
import { Button } from '../../../parts/button.js';
import { Select } from '../../../parts/field.js';
import { Nothing } from '../../../parts/nothing.js';
import { seen } from '../../../parts/plain-text.js';
import { Skeleton } from '../../../parts/skeleton.js';
import { Time } from '../../../parts/time.js';
import { Problem } from '../../../shell/problem.js';
import { useRunEvents } from '../run-events.js';
import type { TabProps } from '../run-tabs.js';
import { FromTo } from './from-to.js';
import { Said } from './said.js';
import { useCodeSearch } from './use-code-search.js';
import { type Version, versionsIn } from './versions.js';

const titleOf = ({ kind, number }: Version): string => (kind === 'base' ? 'base' : `${kind} ${number}`);

/** The plans and the code one after the other: what changed, what was found in each, and what was answered. */
export function Versions({ run }: TabProps): ReactElement {
  const { data: log, error } = useRunEvents(run.runId);
  const versions = useMemo(() => versionsIn(log?.events ?? []), [log]);
  const {
    search: { made, with: base, isSplit = false },
    look,
  } = useCodeSearch();
  if (log === undefined) return error === null ? <Skeleton lines={8} /> : <Problem error={error} />;
  const version = versions.find((each) => titleOf(each) === made) ?? versions.at(-1);
  if (version === undefined) {
    return (
      <Nothing title="No plan and no code yet.">
        They are shown when a worker has handed them in; see the timeline.
      </Nothing>
    );
  }
  const others = versions.filter(({ kind, number }) => kind === version.kind && number !== version.number);
  const before =
    others.find((each) => titleOf(each) === base) ?? others.findLast((each) => each.number < version.number);
  return (
    <div className="space-y-3">
      <div className="flex flex-wrap items-end gap-3">
        <Select
          label="Version"
          value={titleOf(version)}
          onChange={({ target }) => look({ made: target.value, with: undefined })}
        >
          {versions.map((each) => (
            <option key={titleOf(each)}>{titleOf(each)}</option>
          ))}
        </Select>
        {version.kind === 'base' ? null : (
          <>
            <Select
              label="Compared with"
              value={before === undefined ? '' : titleOf(before)}
              onChange={({ target }) => look({ made: titleOf(version), with: target.value || undefined })}
            >
              {before === undefined ? <option value="">Nothing: it is the first</option> : null}
              {others.map((each) => (
                <option key={titleOf(each)}>{titleOf(each)}</option>
              ))}
            </Select>
            <Button aria-pressed={isSplit} onClick={() => look({ isSplit: !isSplit })}>
              Side by side
            </Button>
          </>
        )}
        {version.tree === null ? null : (
          <Button onClick={() => look({ look: 'changes', made: undefined, with: undefined })}>
            Compare with the workspace
          </Button>
        )}
        <p className="text-quiet">
          By {seen(version.by)}, <Time at={version.at} />,{' '}
          <Link
            to="/runs/$runId"
            params={{ runId: run.runId }}
            search={{ tab: 'events', event: version.event }}
            className="text-accent underline"
          >
            event {version.event}
          </Link>
        </p>
      </div>
      <Said runId={run.runId} version={version} />
      {version.kind === 'base' ? null : (
        <Suspense fallback={<Skeleton lines={10} />}>
          <FromTo
            key={`${titleOf(version)} ${before === undefined ? '' : titleOf(before)}`}
            version={version}
            before={before}
            isSplit={isSplit}
          />
        </Suspense>
      )}
    </div>
  );
}
