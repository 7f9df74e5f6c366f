import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { type ReactElement, useEffect, useState } from 'react';
import { api } from '../../api/api.js';
import { Select, TextField } from '../../parts/field.js';
import { useJump } from '../../parts/jump.js';
import { RunsLists } from './runs-lists.js';
import { type RunsFilter, RunsSearch } from './runs-search.js';
import { daysOf, RANGES } from './time-range.js';

const route = getRouteApi('/shell/');
const STATUSES = ['accepted', 'running', 'paused', 'succeeded', 'failed', 'cancelled'] as const;

/** Typing is not a new address with each letter. */
const TYPED_MS = 300;

interface RunsFiltersProps {
  readonly filter: RunsFilter;
}

export function RunsFilters({ filter }: RunsFiltersProps): ReactElement {
  const navigate = route.useNavigate();
  const change = (part: { readonly [K in keyof RunsFilter]: RunsFilter[K] | undefined | '' }): void => {
    void navigate({ search: (before) => RunsSearch.parse({ ...before, ...part }), replace: true });
  };
  const { data } = useQuery({
    queryKey: ['workflows', 'names'],
    queryFn: ({ signal }) => api().get('/v1/workflows', { signal }),
  });
  const names = [...new Set(data?.workflows.map(({ name }) => name))];
  return (
    <search aria-label="Runs" className="mb-3 space-y-2">
      <RunsLists filter={filter} />
      <div className="grid grid-cols-2 gap-2 [&_input]:h-8 [&_select]:h-8 sm:flex sm:flex-wrap sm:items-start">
        <div className="col-span-2 sm:w-72">
          <SearchField text={filter.text ?? ''} onSearch={(text) => change({ text })} />
        </div>
        <Select
          label="Status"
          isLabelHidden
          value={filter.status ?? ''}
          onChange={({ target }) => change({ status: target.value as '' })}
        >
          <option value="">Any status</option>
          {STATUSES.map((status) => (
            <option key={status}>{status}</option>
          ))}
        </Select>
        <Select
          label="Workflow"
          isLabelHidden
          value={filter.workflow ?? ''}
          onChange={({ target }) => change({ workflow: target.value })}
        >
          <option value="">Any workflow</option>
          {[...new Set([...names, ...(filter.workflow === undefined ? [] : [filter.workflow])])].map((name) => (
            <option key={name}>{name}</option>
          ))}
        </Select>
        <div className="sm:w-36">
          <TypedField
            label="Label"
            placeholder="label=value"
            value={filter.label ?? ''}
            onChange={(label) => change({ label })}
          />
        </div>
        <RangeField label="Began" value={filter.began} onChange={(began) => change({ began })} />
        <RangeField label="Ended" value={filter.ended} onChange={(ended) => change({ ended })} />
        <div className="sm:w-32">
          <TypedField
            label="Cost in dollars at least"
            placeholder="cost at least $"
            inputMode="decimal"
            value={filter.cost?.toString() ?? ''}
            onChange={(text) => change({ cost: text === '' || Number.isNaN(Number(text)) ? undefined : Number(text) })}
          />
        </div>
      </div>
    </search>
  );
}

/** Finds words; an id that is pasted leads to what it is of. */
function SearchField({
  text,
  onSearch,
}: {
  readonly text: string;
  readonly onSearch: (text: string) => void;
}): ReactElement {
  const { jump, error } = useJump();
  return (
    <TypedField
      label="Search runs"
      placeholder="Search, or paste an id   /"
      type="search"
      data-page-search=""
      value={text}
      error={error}
      onChange={(typed) => {
        if (!jump(typed)) onSearch(typed);
      }}
    />
  );
}

interface TypedFieldProps {
  readonly label: string;
  readonly placeholder: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly error?: string | undefined;
  readonly type?: 'search';
  readonly inputMode?: 'decimal';
  readonly 'data-page-search'?: string;
}

/** Says what was typed once somebody pauses, or presses Enter. */
function TypedField({ value, onChange, ...rest }: TypedFieldProps): ReactElement {
  const [typed, setTyped] = useState(value);
  const [said, setSaid] = useState(value);
  const [sent, setSent] = useState(value);
  if (said !== value) {
    setSaid(value);
    // What was sent from here comes back after more was typed, which must stay.
    if (sent !== value) setTyped(value);
  }
  const send = (text: string): void => {
    setSent(text);
    onChange(text);
  };
  useEffect(() => {
    if (typed.trim() === value || typed.trim() === sent) return;
    const timer = setTimeout(() => send(typed.trim()), TYPED_MS);
    return () => clearTimeout(timer);
  });
  return (
    <TextField
      {...rest}
      isLabelHidden
      value={typed}
      onChange={({ target }) => setTyped(target.value)}
      onKeyDown={({ key }) => (key === 'Enter' ? send(typed.trim()) : undefined)}
    />
  );
}

interface RangeFieldProps {
  readonly label: 'Began' | 'Ended';
  readonly value: string | undefined;
  readonly onChange: (value: string | undefined) => void;
}

function RangeField({ label, value, onChange }: RangeFieldProps): ReactElement {
  const days = daysOf(value);
  const [isBetween, setBetween] = useState(days !== null);
  const choose = (chosen: string): void => {
    setBetween(chosen === 'between');
    if (chosen !== 'between') onChange(chosen === '' ? undefined : chosen);
  };
  const isShown = isBetween || days !== null;
  const day = (which: 'from' | 'to') => (
    <input
      type="date"
      aria-label={`${label} ${which === 'from' ? 'on or after' : 'on or before'}`}
      className="min-w-0 rounded border border-line bg-surface px-1 py-1"
      value={days?.[which] ?? ''}
      onChange={({ target }) => {
        const from = which === 'from' ? target.value : (days?.from ?? '');
        const to = which === 'to' ? target.value : (days?.to ?? '');
        onChange(from === '' && to === '' ? undefined : `${from}..${to}`);
      }}
    />
  );
  return (
    <div className={isShown ? 'col-span-2 flex flex-wrap gap-1' : ''}>
      <Select
        label={label}
        isLabelHidden
        value={isShown ? 'between' : (value ?? '')}
        onChange={({ target }) => choose(target.value)}
      >
        <option value="">{label} any time</option>
        {RANGES.map(([range, title]) => (
          <option key={range} value={range}>
            {label} {title}
          </option>
        ))}
        <option value="between">{label} between …</option>
      </Select>
      {isShown ? (
        <>
          {day('from')}
          {day('to')}
        </>
      ) : null}
    </div>
  );
}
