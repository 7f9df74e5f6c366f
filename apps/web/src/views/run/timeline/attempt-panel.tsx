import { childRunIdOf } from '@baton/contracts';
import { Link } from '@tanstack/react-router';
import { type ReactElement, useState } from 'react';
import { Button } from '../../../parts/button.js';
import { seen } from '../../../parts/plain-text.js';
import { countOf, durationOf, moneyOf } from '../../../parts/spans.js';
import { Status } from '../../../parts/status.js';
import { Text } from '../../../parts/text.js';
import { Time } from '../../../parts/time.js';
import { ForkDialog } from '../actions/fork-dialog.js';
import { useMay, useMayFork } from '../actions/use-may.js';
import type { RunEvent } from '../run-events.js';
import type { TabProps } from '../run-tabs.js';
import type { Deliveries } from '../story/deliveries.js';
import { dataIn, type EventData, numberIn, textIn } from '../story/event-data.js';
import { statusWord, whatIsAsked } from './attempt-text.js';
import { ConversationPart } from './conversation-part.js';
import { DeliveryFacts } from './delivery-facts.js';
import { Fact, Facts } from './facts.js';
import type { AttemptRow } from './rows.js';
import { StateInput } from './state-input.js';

interface AttemptPanelProps extends TabProps {
  readonly row: AttemptRow;
  readonly events: readonly RunEvent[];
  readonly deliveries: Deliveries | undefined;
  readonly nowMs: number;
  readonly onClose: () => void;
}

/** Versions count from 1 without a gap. */
const dataOf = (events: readonly RunEvent[], version: number | null): EventData =>
  dataIn(version === null ? undefined : events[version - 1]?.data);

/** All that is known of one attempt. */
export function AttemptPanel({ run, row, events, deliveries, nowMs, onClose }: AttemptPanelProps): ReactElement {
  const { attempt, label } = row;
  const begun = dataOf(events, attempt.version);
  const ended = dataOf(events, attempt.endVersion);
  const hasModel = useMay()('operator', 'auditor') && (attempt.kind === 'task' || attempt.kind === 'advice');
  return (
    <section
      aria-label={`About ${seen(label)}`}
      className="w-96 shrink-0 space-y-3 overflow-auto rounded-md border border-line bg-surface p-3 max-lg:fixed max-lg:inset-x-2 max-lg:bottom-2 max-lg:z-20 max-lg:max-h-[55vh] max-lg:w-auto max-lg:shadow-xl lg:max-h-[70vh]"
    >
      <header className="flex items-start gap-2">
        <h2 className="min-w-0 flex-1 font-semibold break-words">{seen(label)}</h2>
        <Status status={statusWord(attempt)} />
        <Button kind="quiet" aria-label="Close" onClick={onClose} className="-mt-1 px-1.5">
          ✕
        </Button>
      </header>
      <Facts>
        <Fact name="What">{seen(whatIsAsked(attempt))}</Fact>
        <Fact name="State">
          {seen(attempt.state)}, attempt {attempt.attempt}
        </Fact>
        <Fact name="Began">
          <Time at={new Date(attempt.startMs).toISOString()} />
        </Fact>
        {attempt.startMs > attempt.scheduledMs ? (
          <Fact name="Held back">{durationOf(attempt.startMs - attempt.scheduledMs)}, as its retry rule says</Fact>
        ) : null}
        {attempt.endMs === null ? null : (
          <Fact name="Ended">
            <Time at={new Date(attempt.endMs).toISOString()} />
          </Fact>
        )}
        <Fact name="Took">{durationOf((attempt.endMs ?? Math.max(nowMs, attempt.startMs)) - attempt.startMs)}</Fact>
        {attempt.kind === 'timer' && attempt.notBeforeMs !== null ? (
          <Fact name="Due">
            <Time at={new Date(attempt.notBeforeMs).toISOString()} />
          </Fact>
        ) : null}
        <NextRetry row={row} />
        <DeliveryFacts deliveries={deliveries} />
        <ModelFacts ended={ended} />
      </Facts>
      <WayOn run={run} row={row} />
      {attempt.error === null && attempt.cause === null ? null : (
        <div>
          <h3 className="font-medium text-bad">{seen(attempt.error ?? 'Why')}</h3>
          {attempt.cause === null || attempt.cause === '' ? null : <Text text={attempt.cause} label="Cause" />}
        </div>
      )}
      <Part title="What it was given" value={begun.arguments} />
      <Part title="What it gave" value={ended.output ?? ended.asks} />
      <StateInput runId={run.runId} attempt={attempt} />
      {hasModel ? <ConversationPart runId={run.runId} commandId={attempt.commandId} /> : null}
    </section>
  );
}

function NextRetry({ row }: { readonly row: AttemptRow }): ReactElement | null {
  const { retry } = row;
  if (retry === null) return null;
  return (
    <Fact name="Tried again">
      {retry.startMs > retry.scheduledMs ? 'not before ' : ''}
      <Time at={new Date(retry.startMs).toISOString()} />, as attempt {retry.attempt}
    </Fact>
  );
}

function ModelFacts({ ended }: { readonly ended: EventData }): ReactElement | null {
  const usage = dataIn(ended.usage);
  const [input, output, cost] = ['inputTokens', 'outputTokens', 'costUsd'].map((name) => numberIn(usage, name));
  const model = textIn(ended, 'model');
  const template = dataIn(ended.template);
  const id = textIn(template, 'id');
  return (
    <>
      {model === null ? null : <Fact name="Model">{seen(model)}</Fact>}
      {input == null && output == null ? null : (
        <Fact name="Tokens">
          {countOf(input ?? 0)} in, {countOf(output ?? 0)} out
        </Fact>
      )}
      {cost == null ? null : <Fact name="Cost">{moneyOf(cost)}</Fact>}
      {id === null ? null : (
        <Fact name="Template">
          {seen(id)} {seen(textIn(template, 'variant') ?? '')}
        </Fact>
      )}
    </>
  );
}

/** Where else one looks: its events, the child run, the question. */
function WayOn({ run, row: { attempt } }: Pick<AttemptPanelProps, 'run' | 'row'>): ReactElement {
  const [isForking, setForking] = useState(false);
  const mayFork = useMayFork(run);
  const link = 'text-accent hover:underline';
  return (
    <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
      {[attempt.version, attempt.endVersion].map((version) =>
        version === null ? null : (
          <Link
            key={version}
            to="/runs/$runId"
            params={{ runId: run.runId }}
            search={{ tab: 'events', event: version }}
            className={link}
          >
            Event {version}
          </Link>
        ),
      )}
      {attempt.kind === 'run' ? (
        <Link to="/runs/$runId" params={{ runId: childRunIdOf(attempt.commandId) }} className={link}>
          Open the child run
        </Link>
      ) : null}
      {attempt.kind === 'person' ? (
        <Link to="/approvals" search={{ id: attempt.commandId }} className={link}>
          Open the question
        </Link>
      ) : null}
      {mayFork ? <Button onClick={() => setForking(true)}>Fork here …</Button> : null}
      <ForkDialog run={run} isOpen={isForking} atVersion={attempt.version} onClose={() => setForking(false)} />
    </p>
  );
}

const Part = ({ title, value }: { readonly title: string; readonly value: unknown }): ReactElement | null =>
  value === undefined ? null : (
    <details>
      <summary className="cursor-pointer font-medium">{title}</summary>
      <Text text={typeof value === 'string' ? value : JSON.stringify(value, null, 2)} label={title} />
    </details>
  );
