import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { api } from '../../../api/api.js';
import { Dialog } from '../../../parts/dialog.js';
import { seen } from '../../../parts/plain-text.js';
import { Skeleton } from '../../../parts/skeleton.js';
import { bytesOf } from '../../../parts/spans.js';
import { Refusal } from '../actions/request-form.js';

interface FilesDialogProps {
  readonly runId: string;
  readonly onClose: () => void;
}

const addressOf = (runId: string, path: string): string =>
  `/v1/runs/${runId}/artifacts/${path.split('/').map(encodeURIComponent).join('/')}`;

/** The files that a run made, each by itself; the gateway hands them out as attachments that no browser shows or runs. */
export function FilesDialog({ runId, onClose }: FilesDialogProps): ReactElement {
  const { data, error } = useQuery({
    queryKey: ['run', runId, 'artifacts'],
    queryFn: ({ signal }) => api().get('/v1/runs/{id}/artifacts', { params: { path: { id: runId } }, signal }),
  });
  return (
    <Dialog title="Files of the run" isOpen onClose={onClose} isWide>
      {error !== null ? <Refusal error={error} /> : null}
      {data === undefined && error === null ? <Skeleton /> : null}
      {data?.artifacts.length === 0 ? <p className="text-quiet">The run has made no file.</p> : null}
      <ul className="divide-y divide-line">
        {data?.artifacts.map(({ path, size }) => (
          <li key={path} className="flex gap-3 py-1">
            <a href={addressOf(runId, path)} download className="min-w-0 flex-1 break-all text-accent hover:underline">
              {seen(path)}
            </a>
            <span className="whitespace-nowrap text-quiet">{bytesOf(size)}</span>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
