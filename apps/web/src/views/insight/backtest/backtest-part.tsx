import { type ReactElement, useEffect, useRef, useState } from 'react';
import { api, type Schemas } from '../../../api/api.js';
import { Button } from '../../../parts/button.js';
import { Refused } from '../../../parts/refused.js';
import { countOf } from '../../../parts/spans.js';
import { Titled } from '../../../parts/titled.js';
import type { PartProps } from '../insight-parts.js';
import { withinOf } from '../queries.js';
import { BacktestResult } from './backtest-result.js';
import { AS_IT_WAS, policyOf, together } from './policy.js';
import { PolicyForm } from './policy-form.js';

type Report = Schemas['BacktestReport'];

interface Progress {
  readonly report: Report | null;
  readonly isRunning: boolean;
  readonly error: unknown;
}

const NOTHING_YET: Progress = { report: null, isRunning: false, error: null };

/** Recorded decisions, decided again under a policy that is made here. Nothing is changed by it. */
export function BacktestPart({ range, workflow }: PartProps): ReactElement {
  const [draft, setDraft] = useState(AS_IT_WAS);
  const [progress, setProgress] = useState(NOTHING_YET);
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);

  const run = async (): Promise<void> => {
    running.current?.abort();
    const stop = new AbortController();
    running.current = stop;
    let report: Report | null = null;
    setProgress({ report, isRunning: true, error: null });
    try {
      do {
        const cursor: string | undefined = report?.next ?? undefined;
        const page: Report = await api().post('/v1/decisions/backtest', {
          params: {
            query: {
              ...withinOf({ range, workflow }),
              ...(cursor === undefined ? {} : { cursor }),
            },
          },
          body: policyOf(draft),
          signal: stop.signal,
          timeoutMs: 120_000,
        });
        report = together(report, page);
        if (stop.signal.aborted) return;
        setProgress({ report, isRunning: report.next !== null, error: null });
      } while (report.next !== null);
    } catch (error) {
      if (!stop.signal.aborted) setProgress({ report, isRunning: false, error });
    }
  };
  const halt = (): void => {
    running.current?.abort();
    setProgress((before) => ({ ...before, isRunning: false }));
  };

  const { report, isRunning, error } = progress;
  return (
    <>
      <Titled
        title="Another policy"
        note="Which recorded decisions would have been others. Nothing is changed, and no model is called."
      >
        <PolicyForm draft={draft} onChange={setDraft} />
        <div className="mt-3 flex flex-wrap items-center gap-2">
          <Button kind="main" onClick={() => void run()} disabled={isRunning}>
            Decide again
          </Button>
          {isRunning ? <Button onClick={halt}>Stop</Button> : null}
          <Button onClick={() => setDraft(AS_IT_WAS)}>All as it was</Button>
          <span role="status" className="text-quiet">
            {report === null
              ? isRunning
                ? 'Deciding again…'
                : ''
              : `${countOf(report.decisions)} decisions of ${countOf(report.runs)} runs${isRunning ? ' so far…' : '.'}`}
          </span>
        </div>
      </Titled>
      <Refused error={error} />
      {report === null ? null : <BacktestResult report={report} isWhole={!isRunning && report.next === null} />}
    </>
  );
}
