import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { api } from '../../../api/api.js';
import { TextField } from '../../../parts/field.js';
import { Nothing } from '../../../parts/nothing.js';
import { seen } from '../../../parts/plain-text.js';
import { Skeleton } from '../../../parts/skeleton.js';
import { bytesOf } from '../../../parts/spans.js';
import { Text } from '../../../parts/text.js';
import { Problem } from '../../../shell/problem.js';
import type { TabProps } from '../run-tabs.js';
import { useCodeSearch } from './use-code-search.js';

/** Larger files are had by download. */
const MOST_BYTES = 2_000_000;
const MOST_ROWS = 500;

const addressOf = (runId: string, path: string): string =>
  `/v1/runs/${encodeURIComponent(runId)}/artifacts/${encodeURIComponent(path)}`;

/** The files that a run made: searched by their paths, read here, or downloaded. */
export function Files({ run }: TabProps): ReactElement {
  const { runId } = run;
  const {
    search: { paths: words = '', file: chosen },
    look,
  } = useCodeSearch();
  const { data, error } = useQuery({
    queryKey: ['run', runId, 'artifacts'],
    queryFn: ({ signal }) => api().get('/v1/runs/{id}/artifacts', { params: { path: { id: runId } }, signal }),
  });
  if (data === undefined) return error === null ? <Skeleton lines={8} /> : <Problem error={error} />;
  if (data.artifacts.length === 0) return <Nothing title="No files yet.">What the run makes is shown here.</Nothing>;
  const found = data.artifacts.filter(({ path }) => path.toLowerCase().includes(words.toLowerCase()));
  const file = data.artifacts.find(({ path }) => path === chosen);
  return (
    <div className="grid gap-3 md:grid-cols-[minmax(0,1fr)_minmax(0,2fr)]">
      <div className="space-y-2">
        <TextField
          label="Search files"
          type="search"
          value={words}
          onChange={({ target }) => look({ paths: target.value || undefined }, true)}
          hint={`${found.length} of ${data.artifacts.length} files${found.length > MOST_ROWS ? `, the first ${MOST_ROWS} shown` : ''}`}
        />
        <ul className="max-h-[60vh] overflow-auto rounded-md border border-line bg-surface">
          {found.slice(0, MOST_ROWS).map(({ path, size }) => (
            <li key={path}>
              <button
                type="button"
                aria-current={path === chosen}
                onClick={() => look({ file: path })}
                className={`flex w-full justify-between gap-2 px-2 py-1 text-left font-mono text-xs hover:bg-raised ${path === chosen ? 'bg-raised' : ''}`}
              >
                <span className="break-all">{seen(path)}</span>
                <span className="whitespace-nowrap text-quiet">{bytesOf(size)}</span>
              </button>
            </li>
          ))}
        </ul>
      </div>
      {file === undefined ? (
        <p className="text-quiet">Choose a file.</p>
      ) : (
        <section aria-label="The chosen file" className="space-y-2">
          <p className="flex flex-wrap gap-3">
            <span className="font-mono break-all">{seen(file.path)}</span>
            <a className="text-accent hover:underline" href={addressOf(runId, file.path)} download>
              Download
            </a>
          </p>
          {file.size > MOST_BYTES ? (
            <p className="text-quiet">It is too large to be shown: download it.</p>
          ) : (
            <FileText runId={runId} path={file.path} sha256={file.sha256} />
          )}
        </section>
      )}
    </div>
  );
}

interface FileTextProps {
  readonly runId: string;
  readonly path: string;
  readonly sha256: string;
}

function FileText({ runId, path, sha256 }: FileTextProps): ReactElement {
  const { data, error } = useQuery({
    queryKey: ['artifact', runId, path, sha256],
    queryFn: ({ signal }) =>
      api().get('/v1/runs/{id}/artifacts/{path}', { params: { path: { id: runId, path } }, parseAs: 'text', signal }),
  });
  if (data === undefined) return error === null ? <Skeleton lines={8} /> : <Problem error={error} />;
  return <Text text={String(data)} label={path} />;
}
