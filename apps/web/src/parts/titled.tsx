import { type ReactElement, type ReactNode, useId } from 'react';

interface TitledProps {
  readonly title: string;
  /** What it shows, in a sentence. */
  readonly note?: ReactNode;
  /** What can be done about all of it. */
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** A part of a view under its heading. */
export function Titled({ title, note, actions, children }: TitledProps): ReactElement {
  const id = useId();
  return (
    <section aria-labelledby={id} className="mb-6 min-w-0">
      <div className="mb-2 flex flex-wrap items-end gap-2">
        <div className="min-w-0 flex-1">
          <h2 id={id} className="font-semibold">
            {title}
          </h2>
          {note === undefined ? null : <p className="text-quiet">{note}</p>}
        </div>
        {actions}
      </div>
      {children}
    </section>
  );
}
