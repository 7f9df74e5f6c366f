import { lazy, type ReactElement, Suspense, useMemo, useState } from 'react';
import { Button } from '../../../parts/button.js';
import { Select } from '../../../parts/field.js';
import { Nothing } from '../../../parts/nothing.js';
import { seen } from '../../../parts/plain-text.js';
import { Skeleton } from '../../../parts/skeleton.js';
import { Status } from '../../../parts/status.js';
import { Time } from '../../../parts/time.js';
import { Problem } from '../../../shell/problem.js';
import { useRunEvents } from '../run-events.js';
import type { TabProps } from '../run-tabs.js';
import { Findings } from './findings.js';
import { findingsByLine, foundIn, type Version, versionsIn } from './versions.js';

const DiffView = lazy(() =>
  import('../../../parts/diff-view/diff-view.js').then((loaded) => ({ default: loaded.DiffView })),
);

const titleOf = ({ kind, number }: Version): string => `${kind} ${number}`;

/** The plans and the code one after the other: what changed, what was found in each, and what was answered. */
export function Versions({ run }: TabProps): ReactElement {
  const { data: log, error } = useRunEvents(run.runId);
  const versions = useMemo(() => versionsIn(log?.events ?? []), [log]);
  const [chosen, setChosen] = useState<string | null>(null);
  const [base, setBase] = useState<string | null>(null);
  const [isSplit, setSplit] = useState(false);
  if (log === undefined) return error === null ? <Skeleton lines={8} /> : <Problem error={error} />;
  const version = versions.find((each) => titleOf(each) === chosen) ?? versions.at(-1);
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
        <Select label="Version" value={titleOf(version)} onChange={({ target }) => setChosen(target.value)}>
          {versions.map((each) => (
            <option key={titleOf(each)}>{titleOf(each)}</option>
          ))}
        </Select>
        <Select
          label="Compared with"
          value={before === undefined ? '' : titleOf(before)}
          onChange={({ target }) => setBase(target.value)}
        >
          {before === undefined ? <option value="">Nothing: it is the first</option> : null}
          {others.map((each) => (
            <option key={titleOf(each)}>{titleOf(each)}</option>
          ))}
        </Select>
        <Button aria-pressed={isSplit} onClick={() => setSplit(!isSplit)}>
          Side by side
        </Button>
        <p className="text-quiet">
          By {seen(version.by)}, <Time at={version.at} />, event {version.event}
        </p>
      </div>
      <Said version={version} />
      <Suspense fallback={<Skeleton lines={10} />}>
        <Changes key={`${titleOf(version)}`} version={version} before={before} isSplit={isSplit} />
      </Suspense>
    </div>
  );
}

/** What readers and tools said of a version. */
const Said = ({ version }: { readonly version: Version }): ReactElement => (
  <section aria-label="What was found in it" className="space-y-2 rounded-md border border-line bg-surface p-3">
    {version.reviews.length === 0 && version.tools.length === 0 ? (
      <p className="text-quiet">Nobody has looked at it yet.</p>
    ) : null}
    {version.reviews.map(({ verdict, summary, scores }, at) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: reviews have no name, and those that are there stay
      <p key={at} className="break-words">
        <span className="font-medium">{seen(verdict)}</span>{' '}
        <span className="text-quiet">
          {Object.entries(scores)
            .map(([name, score]) => `${seen(name)} ${score}`)
            .join(', ')}
        </span>
        <span className="block">{seen(summary)}</span>
      </p>
    ))}
    <Findings findings={version.findings} />
    {version.tools.map(({ tool, status, reason, findings }, at) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: the same tool may have run twice
      <details key={at} open={findings.length > 0 && findings.length < 20}>
        <summary className="cursor-pointer">
          {seen(tool)} <Status status={status === 'passed' ? 'succeeded' : status} />{' '}
          <span className="text-quiet">{reason === null ? `${findings.length} findings` : seen(reason)}</span>
        </summary>
        <div className="mt-1 pl-4 font-mono text-xs">
          <Findings findings={findings} />
        </div>
      </details>
    ))}
  </section>
);

interface ChangesProps {
  readonly version: Version;
  readonly before: Version | undefined;
  readonly isSplit: boolean;
}

/** How many files are open at first: each is compared when it is. */
const OPEN = 3;

function Changes({ version, before, isSplit }: ChangesProps): ReactElement {
  const found = foundIn(version);
  const paths = [...new Set([...version.files, ...(before?.files ?? [])].map(({ path }) => path))].sort();
  const textIn = (of: Version | undefined, path: string): string =>
    of?.files.find((file) => file.path === path)?.content ?? '';
  const changed = paths.filter((path) => textIn(before, path) !== textIn(version, path));
  const marked = paths.filter((path) => !changed.includes(path) && found.some(({ file }) => file === path));
  return (
    <section aria-label="What changed" className="space-y-2">
      <p className="text-quiet">
        {changed.length} of {paths.length} files {before === undefined ? 'are new' : 'changed'}.
      </p>
      {[...changed, ...marked].map((path, at) => (
        <FileChange
          key={path}
          path={path}
          isOpenFirst={at < OPEN}
          before={textIn(before, path)}
          after={textIn(version, path)}
          isSplit={isSplit}
          notes={findingsByLine(found, path)}
        />
      ))}
    </section>
  );
}

interface FileChangeProps {
  readonly path: string;
  readonly isOpenFirst: boolean;
  readonly before: string;
  readonly after: string;
  readonly isSplit: boolean;
  readonly notes: ReturnType<typeof findingsByLine>;
}

function FileChange({ path, isOpenFirst, before, after, isSplit, notes }: FileChangeProps): ReactElement {
  const [isOpen, setOpen] = useState(isOpenFirst);
  const whole = notes.get(0);
  const atLines = new Map(
    [...notes].filter(([line]) => line > 0).map(([line, said]) => [line, <Findings key={line} findings={said} />]),
  );
  return (
    <details open={isOpen} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary className="cursor-pointer font-mono break-all">{seen(path)}</summary>
      {isOpen ? (
        <div className="mt-1 space-y-2">
          {whole === undefined ? null : <Findings findings={whole} />}
          <DiffView label={`Changes of ${path}`} before={before} after={after} isSplit={isSplit} notes={atLines} />
        </div>
      ) : null}
    </details>
  );
}
