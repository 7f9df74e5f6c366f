import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { api, type Schemas } from '../../../api/api.js';
import { seen } from '../../../parts/plain-text.js';
import { countOf, durationOf } from '../../../parts/spans.js';
import { Text } from '../../../parts/text.js';
import { GraphSteps } from './graph-steps.js';
import { talkOf } from './talk-of.js';

type Entry = Schemas['Conversation']['entries'][number];

/** What was said to a model and by it for a task, and how long that took. */
export function ConversationPart({
  runId,
  commandId,
}: {
  readonly runId: string;
  readonly commandId: string;
}): ReactElement | null {
  const { data, error } = useQuery({
    queryKey: ['run', runId, 'conversation', commandId],
    queryFn: ({ signal }) =>
      api().get('/v1/runs/{id}/conversation', {
        params: { path: { id: runId }, query: { command: commandId } },
        signal,
      }),
  });
  if (error !== null) return <p className="text-bad">{error.message}</p>;
  if (data === undefined) return <p className="text-quiet">Looking for calls of a model …</p>;
  if (data.steps !== undefined && data.steps.length > 0) return <GraphSteps steps={data.steps} />;
  if (data.entries.length === 0) return null;
  const { calls, modelMs, tools, toolMs } = talkOf(data.entries);
  return (
    <div>
      <h3 className="font-medium">Calls of a model</h3>
      <p className="text-quiet">
        {countOf(calls)} {calls === 1 ? 'call' : 'calls'}
        {modelMs === 0 ? '' : `, ${durationOf(modelMs)} of the model’s time`}
        {tools === 0 ? '' : `; ${countOf(tools)} ${tools === 1 ? 'tool' : 'tools'} used, ${durationOf(toolMs)}`}
      </p>
      <ol className="mt-1 space-y-1">
        {data.entries.map((entry, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a journal only grows
          <li key={place}>
            <details>
              <summary className="cursor-pointer break-words">{seen(headOf(entry))}</summary>
              <Text text={bodyOf(entry)} label={`Entry ${place + 1}`} />
            </details>
          </li>
        ))}
      </ol>
      {data.unread === 0 ? null : (
        <p className="text-quiet">{countOf(data.unread)} more in a form that is not known here.</p>
      )}
    </div>
  );
}

function headOf(entry: Entry): string {
  switch (entry.kind) {
    case 'opening':
      return 'What it was asked';
    case 'documents':
      return 'Documentation that it was shown';
    case 'answer': {
      const called = entry.calls.map(({ name }) => name).join(', ');
      const tokens = `${countOf(entry.usage.inputTokens)} in, ${countOf(entry.usage.outputTokens)} out`;
      const from = entry.cachedFrom === undefined ? '' : ', taken over from another answer';
      return `${entry.model} answered: ${tokens}, ${durationOf(entry.tookMs)}${from}${called === '' ? '' : `; calls ${called}`}`;
    }
    case 'outcome':
      return `${entry.isError ? 'A tool failed' : 'A tool answered'}: ${durationOf(entry.tookMs)}${entry.heldBack === undefined ? '' : `; held back: ${entry.heldBack}`}`;
    case 'cut':
      return `Broken off: ${entry.message}`;
    case 'failure':
      return `Failed: ${entry.message}`;
  }
}

function bodyOf(entry: Entry): string {
  switch (entry.kind) {
    case 'opening':
      return `${entry.system}\n\n${entry.prompt}\n\nTools: ${entry.tools.join(', ')}`;
    case 'answer': {
      const calls = entry.calls.map(({ name, input }) => `${name} ${JSON.stringify(input, null, 2)}`);
      const request = entry.requestId === null ? [] : [`Request ${entry.requestId}`];
      return [entry.text, ...calls, ...request].filter((part) => part !== '').join('\n\n');
    }
    case 'outcome':
    case 'documents':
      return entry.text;
    case 'cut':
      return `${entry.message} (${entry.code})`;
    case 'failure':
      return `${entry.message} ${entry.next} (${entry.code})`;
  }
}
