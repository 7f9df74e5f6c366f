import { type ReactElement, useId } from 'react';

interface SliderProps {
  readonly label: string;
  readonly hint: string;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly start: number;
  /** Null: as it was. */
  readonly value: number | null;
  readonly onChange: (value: number | null) => void;
}

/** A number that is changed by hand, or left as it was. */
export function Slider({ label, hint, min, max, step, start, value, onChange }: SliderProps): ReactElement {
  const id = useId();
  return (
    <div className="rounded border border-line bg-surface p-2">
      <div className="flex items-center gap-2">
        <label className="flex min-w-0 flex-1 items-center gap-2 font-medium">
          <input
            type="checkbox"
            checked={value !== null}
            onChange={({ target }) => onChange(target.checked ? start : null)}
            aria-label={`Change: ${label}`}
          />
          <span>{label}</span>
        </label>
        <output htmlFor={id} className={value === null ? 'text-quiet' : ''}>
          {value ?? 'as it was'}
        </output>
      </div>
      <input
        id={id}
        type="range"
        aria-label={label}
        aria-describedby={`${id}-hint`}
        className="w-full accent-accent"
        min={min}
        max={max}
        step={step}
        value={value ?? start}
        disabled={value === null}
        onChange={({ target }) => onChange(Number(target.value))}
      />
      <p id={`${id}-hint`} className="text-xs text-quiet">
        {hint}
      </p>
    </div>
  );
}
