import { useQuery } from '@tanstack/react-query';
import { type ReactElement, useMemo } from 'react';
import { z } from 'zod';
import { api, type Schemas } from '../../../api/api.js';
import { Select } from '../../../parts/field.js';
import { Nothing } from '../../../parts/nothing.js';
import { seen } from '../../../parts/plain-text.js';
import { Skeleton } from '../../../parts/skeleton.js';
import { countOf, durationOf, moneyOf } from '../../../parts/spans.js';
import { Text } from '../../../parts/text.js';
import { Problem } from '../../../shell/problem.js';
import { type RunEvent, useRunEvents } from '../run-events.js';
import type { TabProps } from '../run-tabs.js';
import { useCodeSearch } from './use-code-search.js';

type Entry = Schemas['ConversationEntry'];

const Usage = z.object({ costUsd: z.number().nullish() });
const Task = z.object({ commandId: z.string(), model: z.string().nullish(), usage: Usage.nullish().catch(null) });

/** The tasks that a model worked on, in their order, with what each cost. */
const tasksIn = (events: readonly RunEvent[]): readonly { readonly id: string; readonly title: string }[] =>
  events.flatMap(({ type, data, actor, version }) => {
    const task = type === 'TaskSucceeded' || type === 'TaskFailed' ? Task.safeParse(data) : undefined;
    if (task?.success !== true || task.data.model == null) return [];
    const cost = task.data.usage?.costUsd;
    return [
      {
        id: task.data.commandId,
        title: `${version} · ${actor.id} · ${task.data.model}${cost == null ? '' : ` · ${moneyOf(cost)}`}`,
      },
    ];
  });

/** What was said to a model for one task, call by call. */
export function ModelCalls({ run }: TabProps): ReactElement {
  const { data: log, error } = useRunEvents(run.runId);
  const tasks = useMemo(() => tasksIn(log?.events ?? []), [log]);
  const { search, look } = useCodeSearch();
  if (log === undefined) return error === null ? <Skeleton lines={8} /> : <Problem error={error} />;
  const task = tasks.find(({ id }) => id === search.task) ?? tasks[0];
  if (task === undefined)
    return <Nothing title="No model has answered yet.">Tasks of models that ended are shown here.</Nothing>;
  return (
    <div className="space-y-3">
      <Select label="Task" value={task.id} onChange={({ target }) => look({ task: target.value })}>
        {tasks.map(({ id, title }) => (
          <option key={id} value={id}>
            {seen(title)}
          </option>
        ))}
      </Select>
      <Conversation runId={run.runId} command={task.id} />
    </div>
  );
}

function Conversation({ runId, command }: { readonly runId: string; readonly command: string }): ReactElement {
  const { data, error } = useQuery({
    queryKey: ['conversation', runId, command],
    queryFn: ({ signal }) =>
      api().get('/v1/runs/{id}/conversation', { params: { path: { id: runId }, query: { command } }, signal }),
  });
  if (data === undefined) return error === null ? <Skeleton lines={8} /> : <Problem error={error} />;
  return (
    <ol className="space-y-3">
      {data.entries.map((entry, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: entries have no name, and none is put between them
        <li key={at} className="space-y-1 rounded-md border border-line bg-surface p-3">
          <Said entry={entry} />
        </li>
      ))}
      {data.unread === 0 ? null : (
        <li className="text-quiet">{data.unread} notes are in a form that is not known here.</li>
      )}
    </ol>
  );
}

function Said({ entry }: { readonly entry: Entry }): ReactElement {
  switch (entry.kind) {
    case 'opening':
      return (
        <>
          <p className="font-medium">
            Asked{entry.tools.length === 0 ? '' : `, with ${entry.tools.map(seen).join(', ')}`}
          </p>
          <details>
            <summary className="cursor-pointer text-quiet">System, {countOf(entry.system.length)} characters</summary>
            <Text label="System" text={entry.system} />
          </details>
          <Text label="Prompt" text={entry.prompt} />
        </>
      );
    case 'answer':
      return (
        <>
          <p className="font-medium">Answered</p>
          <Paid paid={entry} isCached={entry.cachedFrom !== undefined} />
          {entry.text === '' ? null : <Text label="Answer" text={entry.text} />}
          {entry.calls.map(({ id, name, input }) => (
            <details key={id}>
              <summary className="cursor-pointer">Called {seen(name)}</summary>
              <Text label={`Call of ${name}`} text={JSON.stringify(input, null, 2)} />
            </details>
          ))}
        </>
      );
    case 'outcome':
      return (
        <details>
          <summary className={`cursor-pointer ${entry.isError ? 'text-bad' : ''}`}>
            The tool {entry.isError ? 'failed' : 'answered'} · {durationOf(entry.tookMs)}
          </summary>
          <Text label="Outcome" text={entry.text} />
        </details>
      );
    case 'documents':
      return (
        <details>
          <summary className="cursor-pointer">Shown documentation</summary>
          <Text label="Documentation" text={entry.text} />
        </details>
      );
    default:
      return (
        <>
          <p className="font-medium text-bad">{entry.kind === 'cut' ? 'Broke off' : 'Failed'}</p>
          <Paid paid={entry} isCached={false} />
          <p className="break-words">{seen(entry.message)}</p>
        </>
      );
  }
}

type PaidEntry = Pick<Extract<Entry, { kind: 'answer' }>, 'model' | 'stopReason' | 'usage' | 'tookMs'>;

const Paid = ({ paid, isCached }: { readonly paid: PaidEntry; readonly isCached: boolean }): ReactElement => (
  <p className="text-xs text-quiet">
    {[
      seen(paid.model),
      `${countOf(paid.usage.inputTokens)} tokens in`,
      `${countOf(paid.usage.outputTokens)} out`,
      `${countOf(paid.usage.cacheReadTokens)} read from the cache`,
      `stopped: ${seen(paid.stopReason)}`,
      durationOf(paid.tookMs),
      ...(isCached ? ['answered as the very same was before'] : []),
    ].join(' · ')}
  </p>
);
