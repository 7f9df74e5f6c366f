import { Link } from '@tanstack/react-router';
import { Fragment, type ReactElement, type ReactNode } from 'react';
import { seen } from '../../../parts/plain-text.js';
import { countOf, durationOf, moneyOf } from '../../../parts/spans.js';
import { Time } from '../../../parts/time.js';
import { useRunEvents } from '../run-events.js';
import type { TabProps } from '../run-tabs.js';
import { shortId } from '../run-title.js';
import { Elapsed } from './elapsed.js';
import { Expected } from './expected.js';

const LINK = 'text-accent hover:underline';

const Fact = ({ name, children }: { readonly name: string; readonly children: ReactNode }): ReactElement => (
  <div className="flex gap-1.5">
    <dt className="whitespace-nowrap text-quiet">{name}</dt>
    <dd className="min-w-0">{children}</dd>
  </div>
);

/** What a run is and has used: quiet text; references are links. */
export function RunFacts({ run }: TabProps): ReactElement {
  const { usage, submittedBy, parent, forkedFrom } = run;
  const children = run.waitingFor.flatMap((wait) => (wait.kind === 'run' ? [wait] : []));
  const tokens = usage.inputTokens + usage.outputTokens;
  return (
    <dl className="flex flex-wrap gap-x-5 gap-y-0.5">
      <Fact name={run.endedAt === null ? 'Running for' : 'Took'}>
        <Elapsed run={run} />
      </Fact>
      <Expected run={run} />
      <Fact name="Started">
        <Time at={run.startedAt} />
      </Fact>
      <Fact name="Events">
        <Link to="/runs/$runId" params={{ runId: run.runId }} search={{ tab: 'events' }} className={LINK}>
          {countOf(run.version)}
        </Link>
      </Fact>
      <Correlation run={run} />
      {tokens === 0 && run.models.length === 0 ? null : (
        <Fact name="Tokens">
          <span title={`${countOf(usage.inputTokens)} in, ${countOf(usage.outputTokens)} out`}>{countOf(tokens)}</span>
          {run.models.length === 0 ? '' : ` (${run.models.map(seen).join(', ')})`}
        </Fact>
      )}
      <Cost run={run} />
      {run.scores.length === 0 ? null : <Scores run={run} />}
      <Agents run={run} />
      <Fact name="By">{seen(`${submittedBy.type} ${submittedBy.person ?? submittedBy.id}`)}</Fact>
      {parent === null ? null : (
        <Fact name="Child of">
          <RunLink runId={parent.runId} />
        </Fact>
      )}
      {forkedFrom === null ? null : (
        <Fact name="Forked from">
          <Link
            to="/runs/$runId"
            params={{ runId: forkedFrom.runId }}
            search={{ tab: 'events', event: forkedFrom.version }}
            className={LINK}
          >
            {shortId(forkedFrom.runId)}, event {forkedFrom.version}
          </Link>
        </Fact>
      )}
      {children.length === 0 ? null : (
        <Fact name="Children">
          {children.slice(0, 5).map(({ runId }, place) => (
            <Fragment key={runId}>
              {place === 0 ? '' : ', '}
              <RunLink runId={runId} />
            </Fragment>
          ))}
          {children.length > 5 ? ` and ${children.length - 5} more` : ''}
        </Fact>
      )}
      {Object.entries(run.labels).map(([key, value]) => (
        <div key={key} className="self-center rounded bg-raised px-1.5 text-xs leading-5">
          <dt className="inline text-quiet">{seen(key)}=</dt>
          <dd className="inline break-all">{seen(value)}</dd>
        </div>
      ))}
    </dl>
  );
}

/** By which logs of other programs find it; known once the log is. */
function Correlation({ run: { runId } }: TabProps): ReactElement | null {
  const first = useRunEvents(runId, false).data?.events[0];
  if (first?.correlationId == null) return null;
  return (
    <Fact name="Correlation">
      <Link
        to="/runs/$runId"
        params={{ runId }}
        search={{ tab: 'events', lens: 'all', event: first.version }}
        title={first.correlationId}
        className={LINK}
      >
        {seen(first.correlationId.slice(0, 8))}
      </Link>
    </Fact>
  );
}

const RunLink = ({ runId }: { readonly runId: string }): ReactElement => (
  <Link to="/runs/$runId" params={{ runId }} className={LINK}>
    {shortId(runId)}
  </Link>
);

/** Against the budget, where there is one. */
function Cost({ run: { usage, budget } }: TabProps): ReactElement {
  const usd = budget.find(({ kind }) => kind === 'usd');
  const cost = usage.costUsd === null ? 'unknown: a model without a price was used' : moneyOf(usage.costUsd);
  const others = budget.filter(({ kind }) => kind !== 'usd');
  return (
    <>
      <Fact name="Cost">
        {cost}
        {usd === undefined ? '' : ` of ${moneyOf(usd.limit)}`}
        {usd === undefined || usd.reserved === 0 ? '' : `, ${moneyOf(usd.reserved)} reserved`}
      </Fact>
      {others.map(({ kind, used, limit }) => (
        <Fact key={kind} name={kind === 'tokens' ? 'Token budget' : 'Time budget'}>
          {kind === 'tokens'
            ? `${countOf(used)} of ${countOf(limit)}`
            : `${durationOf(used * 1_000)} of ${durationOf(limit * 1_000)}`}
        </Fact>
      ))}
    </>
  );
}

/** What it was submitted with for its agents. */
function Agents({ run: { agents } }: TabProps): ReactElement | null {
  if (agents === null) return null;
  const { model, templates = {}, mcpServers } = agents;
  const pins = Object.entries(templates).map((pin) => pin.join('='));
  return (
    <>
      {model === undefined ? null : <Fact name="Asked for">{seen(model)}</Fact>}
      {pins.length === 0 ? null : <Fact name="Templates">{seen(pins.join(', '))}</Fact>}
      {mcpServers === undefined ? null : (
        <Fact name="Tools of servers">
          {mcpServers.length === 0 ? 'none' : `no more than ${seen(mcpServers.join(', '))}`}
        </Fact>
      )}
    </>
  );
}

/** The newest score of each phase. */
function Scores({ run: { scores, rounds } }: TabProps): ReactElement {
  const newest = new Map(scores.map((score) => [score.phase, score]));
  return (
    <>
      {[...newest.values()].map(({ phase, scores: byDimension }) => (
        <Fact key={phase} name={`${seen(phase)[0]?.toUpperCase() ?? ''}${seen(phase).slice(1)}`}>
          <span
            title={Object.entries(byDimension)
              .map(([dimension, score]) => `${dimension} ${score}`)
              .join(', ')}
          >
            {Object.values(byDimension).join(' / ')}
          </span>
          {rounds[phase] === undefined ? '' : `, round ${rounds[phase]}`}
        </Fact>
      ))}
    </>
  );
}
