import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { api, type Schemas } from '../../api/api.js';
import { Nothing } from '../../parts/nothing.js';
import { seen } from '../../parts/plain-text.js';
import { Skeleton } from '../../parts/skeleton.js';
import { countOf } from '../../parts/spans.js';
import { Table } from '../../parts/table.js';
import { Titled } from '../../parts/titled.js';
import { Problem } from '../../shell/problem.js';
import { ANALYSIS_MS } from './list-part.js';
import { Examples } from './recommendation-card.js';
import type { PartProps } from './recommendation-parts.js';
import { windowInWords } from './words.js';

type Pattern = Schemas['PatternReport']['patterns'][number];

const shareInWords = ({ count, of, share }: Pattern['withFacts']): string =>
  `${countOf(count)} of ${countOf(of)} (${Math.round(share * 100)} %)`;

/** Which facts go with the rule being overruled, by an advisor or a person. */
export function PatternsPart({ workflow, runs }: PartProps): ReactElement {
  const { data, error } = useQuery({
    queryKey: ['decision-patterns', workflow, runs],
    queryFn: ({ signal }) =>
      api().get('/v1/decisions/patterns', {
        params: { query: { runs, ...(workflow === undefined ? {} : { workflow }) } },
        signal,
        timeoutMs: ANALYSIS_MS,
      }),
    placeholderData: keepPreviousData,
  });
  if (error !== null && data === undefined) return <Problem error={error} />;
  if (data === undefined) return <Skeleton />;
  const { overrides, patterns, tested, tooFew, leftOff, least, level, window } = data;
  if (overrides === null) {
    return (
      <Nothing title="Nobody was heard beside the rules.">
        {windowInWords(window)} Run a workflow with an advisor, such as seven-step with the mode shadow.
      </Nothing>
    );
  }
  return (
    <Titled
      title="What goes with rules being overruled"
      note={`${windowInWords(window)} The rule was overruled in ${shareInWords(overrides)} at which an advisor or a person was heard.`}
    >
      {patterns.length === 0 ? (
        <p className="text-quiet">There is nothing to tell apart.</p>
      ) : (
        <Table
          label="Facts, the surest first"
          rows={patterns}
          keyOf={({ facts }) => facts.join(' + ')}
          columns={[
            { title: 'Facts', cell: ({ facts }) => <span className="block min-w-48">{seen(facts.join(' + '))}</span> },
            { title: 'Overruled', cell: ({ withFacts }) => shareInWords(withFacts) },
            { title: 'Without', cell: ({ without }) => (without === null ? '–' : shareInWords(without)) },
            { title: 'Lift', isNumber: true, cell: ({ lift }) => lift.toFixed(2) },
            {
              title: 'Odds',
              isNumber: true,
              cell: ({ oddsRatio, interval: { low, high } }) => (
                <>
                  {oddsRatio.toPrecision(3)}
                  <span className="block text-xs text-quiet">
                    {low.toPrecision(2)} to {high.toPrecision(2)}
                  </span>
                </>
              ),
            },
            {
              title: 'q',
              isNumber: true,
              cell: ({ q }) => (
                <span className={q <= level ? 'font-medium' : 'text-quiet'}>{q < 0.001 ? '<0.001' : q.toFixed(3)}</span>
              ),
            },
            { title: 'Examples', cell: ({ examples }) => <Examples examples={examples} /> },
          ]}
        />
      )}
      <p className="mt-2 text-quiet">
        {countOf(tested)} facts and pairs of them were tested; {countOf(tooFew)} facts have too few decisions ({least}{' '}
        with it and {least} without it are needed){leftOff === 0 ? '' : `, and ${countOf(leftOff)} more are not shown`}.
        Of those with q at most {level}, as large a share is chance alone, on average. What goes together need not be
        its cause.
      </p>
    </Titled>
  );
}
