import type { ReactElement } from 'react';
import { Button } from '../../../parts/button.js';
import { countOf } from '../../../parts/spans.js';
import { LENSES, type Lens } from './lens.js';

interface FilterBarProps {
  readonly lens: Lens;
  readonly type: string | undefined;
  readonly find: string;
  readonly types: readonly (readonly [type: string, count: number])[];
  readonly hidden: number;
  readonly shown: number;
  readonly onChange: (
    change: Partial<{ readonly lens: Lens; readonly type: string | undefined; readonly find: string | undefined }>,
  ) => void;
  readonly onDownload: () => void;
}

const TITLES: Readonly<Record<Lens, string>> = { story: 'Story', all: 'All', json: 'JSON' };
const BOX = 'rounded border border-line bg-surface px-2 py-1';

export function FilterBar(props: FilterBarProps): ReactElement {
  const { lens, type, find, types, hidden, shown, onChange, onDownload } = props;
  return (
    <div className="flex flex-wrap items-center gap-2 text-xs" data-print="no">
      <fieldset className="flex rounded border border-line">
        <legend className="sr-only">Lens</legend>
        {LENSES.map((each) => (
          <Button
            key={each}
            kind="quiet"
            aria-pressed={each === lens}
            className={each === lens ? 'bg-raised font-medium' : 'text-quiet'}
            onClick={() => onChange({ lens: each })}
          >
            {TITLES[each]}
          </Button>
        ))}
      </fieldset>
      <input
        type="search"
        aria-label="Search events"
        placeholder="Search"
        value={find}
        onChange={({ target }) => onChange({ find: target.value === '' ? undefined : target.value })}
        className={`${BOX} w-40`}
      />
      <select
        aria-label="Type of event"
        value={type ?? ''}
        onChange={({ target }) => onChange({ type: target.value === '' ? undefined : target.value })}
        className={`${BOX} max-w-48`}
      >
        <option value="">Every type</option>
        {type === undefined || types.some(([each]) => each === type) ? null : <option value={type}>{type} (0)</option>}
        {types.map(([each, count]) => (
          <option key={each} value={each}>
            {each} ({countOf(count)})
          </option>
        ))}
      </select>
      <span className="text-quiet">{countOf(shown)} events</span>
      {hidden === 0 ? null : (
        <Button className="text-xs" onClick={() => onChange({ lens: 'all' })}>
          {countOf(hidden)} hidden
        </Button>
      )}
      <Button kind="quiet" className="ml-auto text-quiet" onClick={onDownload}>
        Download JSONL
      </Button>
    </div>
  );
}
