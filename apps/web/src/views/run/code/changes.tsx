import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { type ReactElement, useState } from 'react';
import { api, type Schemas } from '../../../api/api.js';
import { Button } from '../../../parts/button.js';
import { CopyButton } from '../../../parts/copy-button.js';
import { Select } from '../../../parts/field.js';
import { saveFile } from '../../../parts/save-file.js';
import { Skeleton } from '../../../parts/skeleton.js';
import { Time } from '../../../parts/time.js';
import { Problem } from '../../../shell/problem.js';
import { Refusal } from '../actions/request-form.js';
import type { TabProps } from '../run-tabs.js';
import { shortId } from '../run-title.js';
import { ChangedFile } from './changed-file.js';
import { kindWord, type Rounds, roundIn, sizesOf } from './rounds.js';
import { useCodeSearch } from './use-code-search.js';
import { WorkspaceFileDiff } from './workspace-file-diff.js';

/** How many files are open at first: each is asked for when it is. */
const OPEN = 3;

/** What the run made of its workspace: what its branch would change. */
export function Changes({ run }: TabProps): ReactElement {
  const { runId } = run;
  const {
    search: { made, with: base, isSplit = false, file },
    look,
  } = useCodeSearch();
  const asked: Rounds = { from: roundIn(base), to: roundIn(made) };
  const { data, error } = useQuery({
    queryKey: ['run', runId, 'diff', asked],
    queryFn: ({ signal }) =>
      api().get('/v1/runs/{id}/diff', { params: { path: { id: runId }, query: given(asked) }, signal }),
    placeholderData: keepPreviousData,
  });
  if (data === undefined) return error === null ? <Skeleton lines={8} /> : <Problem error={error} />;
  const to = data.rounds[data.to - 1];
  return (
    <div className="space-y-3">
      <div className="flex flex-wrap items-end gap-3">
        <Select
          label="Round"
          value={data.to}
          onChange={({ target }) => look({ made: `round ${target.value}`, with: undefined })}
        >
          {data.rounds.map(({ round }) => (
            <option key={round} value={round}>{`round ${round}`}</option>
          ))}
        </Select>
        <Select
          label="Compared with"
          value={asked.from ?? ''}
          onChange={({ target }) =>
            look({ made: `round ${data.to}`, with: target.value === '' ? undefined : `round ${target.value}` })
          }
        >
          <option value="">what it stands on</option>
          <option value={0}>what the run began from</option>
          {data.rounds
            .filter(({ round }) => round !== data.to)
            .map(({ round }) => (
              <option key={round} value={round}>{`round ${round}`}</option>
            ))}
        </Select>
        <Button aria-pressed={isSplit} onClick={() => look({ isSplit: !isSplit })}>
          Side by side
        </Button>
        <PatchButton runId={runId} rounds={{ from: asked.from, to: data.to }} />
        {to === undefined ? null : (
          <p className="text-quiet">
            Made <Time at={to.at} />
          </p>
        )}
      </div>
      <BranchCommand runId={runId} />
      <Files diff={data} from={asked.from} chosen={file} isSplit={isSplit} />
    </div>
  );
}

interface FilesProps {
  readonly diff: Schemas['RunDiff'];
  readonly from: number | undefined;
  readonly chosen: string | undefined;
  readonly isSplit: boolean;
}

const Files = ({ diff: { runId, files, to }, from, chosen, isSplit }: FilesProps): ReactElement => (
  <section aria-label="What changed" className="space-y-2">
    <p className="text-quiet">
      {files.length === 0
        ? 'Nothing differs.'
        : `${files.length} ${files.length === 1 ? 'file differs' : 'files differ'}.`}
    </p>
    {files.map((file, at) => (
      <ChangedFile
        key={file.path}
        path={file.path}
        isOpenFirst={at < OPEN && !files.some(({ path }) => path === chosen)}
        hint={`${kindWord(file)}, ${sizesOf(file)}`}
      >
        {() => <WorkspaceFileDiff runId={runId} rounds={{ from, to }} file={file} isSplit={isSplit} />}
      </ChangedFile>
    ))}
  </section>
);

const given = ({ from, to }: Rounds) => ({
  ...(from === undefined ? {} : { from }),
  ...(to === undefined ? {} : { to }),
});

function PatchButton({ runId, rounds }: { readonly runId: string; readonly rounds: Rounds }): ReactElement {
  const [error, setError] = useState<unknown>(null);
  const save = async (): Promise<void> => {
    setError(null);
    try {
      const params = { path: { id: runId }, query: given(rounds) };
      const headers = { accept: 'text/x-diff' };
      const patch = await api().get('/v1/runs/{id}/diff', { params, headers, parseAs: 'text' });
      saveFile([String(patch)], `${shortId(runId)}.patch`, 'text/x-diff');
    } catch (thrown) {
      setError(thrown);
    }
  };
  return (
    <>
      <Button onClick={() => void save()}>Download patch</Button>
      {error === null ? null : <Refusal error={Object(error)} />}
    </>
  );
}

/** The page cannot write into anybody's repository; the command can. */
function BranchCommand({ runId }: { readonly runId: string }): ReactElement {
  const command = `baton run result ${shortId(runId)} --branch baton/${shortId(runId)}`;
  return (
    <p className="flex flex-wrap items-center gap-2 text-xs text-quiet">
      As a branch of your repository: <code className="font-mono break-all text-ink">{command}</code>
      <CopyButton kind="quiet" text={() => command}>
        Copy
      </CopyButton>
    </p>
  );
}
