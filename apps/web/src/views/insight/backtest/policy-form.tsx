import type { ReactElement } from 'react';
import { Select } from '../../../parts/field.js';
import type { PolicyDraft } from './policy.js';
import { Slider } from './slider.js';

const MODES = ['programmatic', 'llm', 'hybrid', 'shadow'] as const;

interface PolicyFormProps {
  readonly draft: PolicyDraft;
  readonly onChange: (draft: PolicyDraft) => void;
}

/** Each slider changes one number; those that are not ticked stay as they were in each run. */
export const PolicyForm = ({ draft, onChange }: PolicyFormProps): ReactElement => (
  <div className="grid gap-2 sm:grid-cols-2 lg:grid-cols-4">
    {Object.entries(draft.thresholds).map(([name, value]) => (
      <Slider
        key={name}
        label={`Threshold: ${name}`}
        hint="The score, 0 to 10, from which it is good enough."
        min={0}
        max={10}
        step={0.1}
        start={8}
        value={value}
        onChange={(next) => onChange({ ...draft, thresholds: { ...draft.thresholds, [name]: next } })}
      />
    ))}
    <Slider
      label="Rounds at most"
      hint="After so many a phase ends, good enough or not."
      min={1}
      max={10}
      step={1}
      start={3}
      value={draft.maxRounds}
      onChange={(maxRounds) => onChange({ ...draft, maxRounds })}
    />
    <Slider
      label="Errors"
      hint="More errors than these are not ordinary."
      min={0}
      max={10}
      step={1}
      start={2}
      value={draft.errors}
      onChange={(errors) => onChange({ ...draft, errors })}
    />
    <Slider
      label="Fall of a score"
      hint="A score that falls by more is not ordinary."
      min={0.1}
      max={5}
      step={0.1}
      start={1}
      value={draft.drop}
      onChange={(drop) => onChange({ ...draft, drop })}
    />
    <Slider
      label="Gain of a round"
      hint="A round that gains less stands still."
      min={0}
      max={3}
      step={0.1}
      start={0.3}
      value={draft.gain}
      onChange={(gain) => onChange({ ...draft, gain })}
    />
    <Slider
      label="Spread of validators"
      hint="Validators that are further apart are at odds."
      min={0}
      max={10}
      step={0.5}
      start={3}
      value={draft.spread}
      onChange={(spread) => onChange({ ...draft, spread })}
    />
    <div className="rounded border border-line bg-surface p-2">
      <Select
        label="Mode"
        hint="Who decides what is not ordinary."
        value={draft.mode ?? ''}
        onChange={({ target }) => onChange({ ...draft, mode: MODES.find((mode) => mode === target.value) ?? null })}
      >
        <option value="">as it was</option>
        {MODES.map((mode) => (
          <option key={mode}>{mode}</option>
        ))}
      </Select>
    </div>
  </div>
);
