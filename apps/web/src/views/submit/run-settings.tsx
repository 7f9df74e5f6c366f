import { DecisionMode } from '@baton/contracts';
import type { ReactElement } from 'react';
import { Button } from '../../parts/button.js';
import { Select, TextField } from '../../parts/field.js';
import type { Draft } from './draft.js';

interface RunSettingsProps {
  readonly draft: Draft;
  readonly onChange: (change: Partial<Draft>) => void;
  /** The states that a person may do by hand. */
  readonly states: readonly string[];
  /** What is wrong, by the pointer into the body. */
  readonly wrong: ReadonlyMap<string, string>;
}

const MODES: Readonly<Record<DecisionMode, string>> = {
  auto: 'auto: an advisor is asked where a language model works',
  programmatic: 'programmatic: rules alone',
  hybrid: 'hybrid: an advisor is asked where it is not ordinary',
  llm: 'llm: an advisor is asked at every decision',
  shadow: 'shadow: advice is recorded, and not followed',
};

/** What a run is submitted with beside its input; all of it may be left out. */
export function RunSettings({ draft, onChange, states, wrong }: RunSettingsProps): ReactElement {
  return (
    <div className="space-y-4">
      <div className="grid gap-3 sm:grid-cols-2">
        <Select
          label="Who is heard at decisions"
          value={draft.mode}
          onChange={({ currentTarget: { value } }) =>
            onChange({ mode: DecisionMode.options.find((each) => each === value) ?? '' })
          }
        >
          <option value="">as the workflow says</option>
          {DecisionMode.options.map((mode) => (
            <option key={mode} value={mode}>
              {MODES[mode]}
            </option>
          ))}
        </Select>
        <Select
          label="Priority"
          value={draft.priority}
          onChange={({ currentTarget: { value } }) =>
            onChange({ priority: PRIORITIES.find((each) => each === value) ?? '' })
          }
        >
          <option value="">usual</option>
          {PRIORITIES.map((each) => (
            <option key={each} value={each}>
              {each === '0' ? '0, most urgent' : each}
            </option>
          ))}
        </Select>
      </div>
      <fieldset className="grid gap-3 sm:grid-cols-3">
        <legend className="mb-1 font-medium">Budget</legend>
        <TextField
          label="US dollars"
          inputMode="decimal"
          placeholder="no limit"
          error={wrong.get('/budget/usd')}
          value={draft.usd}
          onChange={(event) => onChange({ usd: event.currentTarget.value })}
        />
        <TextField
          label="Tokens"
          inputMode="numeric"
          placeholder="no limit"
          error={wrong.get('/budget/tokens')}
          value={draft.tokens}
          onChange={(event) => onChange({ tokens: event.currentTarget.value })}
        />
        <TextField
          label="Time"
          placeholder="no limit, or 90s, 30m, 2h"
          error={wrong.get('/budget/wallClock')}
          value={draft.wallClock}
          onChange={(event) => onChange({ wallClock: event.currentTarget.value })}
        />
      </fieldset>
      <Labels draft={draft} onChange={onChange} error={wrong.get('/labels')} />
      {states.length === 0 ? null : (
        <fieldset>
          <legend className="font-medium">Steps that a person does by hand</legend>
          <p className="mb-1 text-xs text-quiet">The run waits there, in the approvals, until the work is handed in.</p>
          <div className="flex flex-wrap gap-x-4 gap-y-1">
            {states.map((state) => (
              <label key={state} className="flex items-center gap-1.5">
                <input
                  type="checkbox"
                  checked={draft.byHand.includes(state)}
                  onChange={({ currentTarget: { checked } }) =>
                    onChange({
                      byHand: states.filter((each) => (each === state ? checked : draft.byHand.includes(each))),
                    })
                  }
                />
                {state}
              </label>
            ))}
          </div>
        </fieldset>
      )}
    </div>
  );
}

const PRIORITIES = ['0', '1', '2', '3'] as const;

interface LabelsProps {
  readonly draft: Draft;
  readonly onChange: (change: Partial<Draft>) => void;
  readonly error: string | undefined;
}

function Labels({ draft: { labels }, onChange, error }: LabelsProps): ReactElement {
  const change = (at: number, next: Partial<Draft['labels'][number]>): void =>
    onChange({ labels: labels.map((each, index) => (index === at ? { ...each, ...next } : each)) });
  return (
    <fieldset>
      <legend className="font-medium">Labels</legend>
      <p className={`mb-1 text-xs ${error === undefined ? 'text-quiet' : 'text-bad'}`}>
        {error ?? 'To find the run again by, such as team = red.'}
      </p>
      <ul className="space-y-1.5">
        {labels.map(({ name, value }, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a label that is written has no name yet
          <li key={at} className="grid grid-cols-[1fr_1fr_auto] items-start gap-2">
            <TextField
              label={`Name of label ${at + 1}`}
              isLabelHidden
              placeholder="name"
              maxLength={63}
              value={name}
              onChange={(event) => change(at, { name: event.currentTarget.value })}
            />
            <TextField
              label={`Value of label ${at + 1}`}
              isLabelHidden
              placeholder="value"
              maxLength={255}
              value={value}
              onChange={(event) => change(at, { value: event.currentTarget.value })}
            />
            <Button
              kind="quiet"
              aria-label={`Remove label ${at + 1}`}
              onClick={() => onChange({ labels: labels.filter((_, index) => index !== at) })}
            >
              ✕
            </Button>
          </li>
        ))}
      </ul>
      <Button onClick={() => onChange({ labels: [...labels, { name: '', value: '' }] })}>Add a label</Button>
    </fieldset>
  );
}
