import { useQuery } from '@tanstack/react-query';
import { type ReactElement, useState } from 'react';
import { api } from '../../../api/api.js';
import { seen } from '../../../parts/plain-text.js';
import { Skeleton } from '../../../parts/skeleton.js';
import { bytesOf, durationOf } from '../../../parts/spans.js';
import { Status } from '../../../parts/status.js';
import { Text } from '../../../parts/text.js';
import { Problem } from '../../../shell/problem.js';
import { Findings } from './findings.js';
import type { ToolRun } from './tool-runs.js';

interface ToolRunPartProps {
  readonly runId: string;
  readonly ran: ToolRun;
}

/** One tool of a validation: how it ended, what it found, and what it printed. */
export function ToolRunPart({ runId, ran }: ToolRunPartProps): ReactElement {
  const { tool, status, reason, exitCode, durationMs, findings } = ran;
  const facts = [
    findings.length === 1 ? '1 finding' : `${findings.length} findings`,
    ...(exitCode === null ? [] : [`exit code ${exitCode}`]),
    ...(durationMs === 0 ? [] : [durationOf(durationMs)]),
    ...(reason === null ? [] : [seen(reason)]),
  ];
  return (
    <details open={findings.length > 0 && findings.length < 20}>
      <summary className="cursor-pointer">
        {seen(tool)} <Status status={status === 'passed' ? 'succeeded' : status} />{' '}
        <span className="text-quiet">{facts.join(' · ')}</span>
      </summary>
      <div className="mt-1 space-y-2 pl-4 text-xs">
        {findings.length === 0 ? null : (
          <div className="font-mono">
            <Findings findings={findings} />
          </div>
        )}
        <Printed runId={runId} ran={ran} />
      </div>
    </details>
  );
}

const STREAMS = ['stdout', 'stderr'] as const;
type Stream = (typeof STREAMS)[number];

function Printed({ runId, ran: { tool, event, printed, outputBytes } }: ToolRunPartProps): ReactElement | null {
  if (printed === null) {
    if (outputBytes === null) return null;
    return (
      <p className="text-quiet">
        {outputBytes === 0 ? 'It printed nothing.' : `It printed ${bytesOf(outputBytes)}, of which nothing was kept.`}
      </p>
    );
  }
  const streams = STREAMS.filter((stream) => printed[stream] !== null);
  return (
    <>
      {streams.length === 0 ? <p className="text-quiet">It printed nothing.</p> : null}
      {streams.map((stream) => (
        <Stream key={stream} of={{ runId, tool, event, stream }} size={printed[stream]?.size ?? 0} />
      ))}
      {printed.isCut ? (
        <p className="text-quiet">
          It printed more{outputBytes === null ? '' : `, ${bytesOf(outputBytes)} in all`}: only the end was kept.
        </p>
      ) : null}
    </>
  );
}

interface StreamProps {
  readonly of: { readonly runId: string; readonly tool: string; readonly event: number; readonly stream: Stream };
  readonly size: number;
}

const NAMES: Readonly<Record<Stream, string>> = { stdout: 'Printed', stderr: 'Printed as errors' };

function Stream({ of, size }: StreamProps): ReactElement {
  const [isOpen, setOpen] = useState(false);
  const { runId, tool, event, stream } = of;
  const query = { tool, event: String(event), stream };
  return (
    <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary className="cursor-pointer">
        {NAMES[stream]} <span className="text-quiet">{bytesOf(size)}</span>
      </summary>
      {isOpen ? (
        <>
          <StreamText of={of} />
          <a
            className="text-accent hover:underline"
            href={`/v1/runs/${runId}/printed?${new URLSearchParams(query)}`}
            download
          >
            Download
          </a>
        </>
      ) : null}
    </details>
  );
}

function StreamText({ of: { runId, tool, event, stream } }: Pick<StreamProps, 'of'>): ReactElement {
  const { data, error } = useQuery({
    queryKey: ['printed', runId, event, tool, stream],
    queryFn: ({ signal }) =>
      api().get('/v1/runs/{id}/printed', {
        params: { path: { id: runId }, query: { event, tool, stream } },
        parseAs: 'text',
        signal,
      }),
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (data === undefined) return error === null ? <Skeleton lines={4} /> : <Problem error={error} />;
  return <Text text={String(data)} label={`${tool} ${stream}`} />;
}
