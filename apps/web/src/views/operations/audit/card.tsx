import { type ReactElement, type ReactNode, useId } from 'react';

interface CardProps {
  readonly title: string;
  readonly action?: ReactNode;
  readonly children: ReactNode;
}

export function Card({ title, action, children }: CardProps): ReactElement {
  const id = useId();
  return (
    <section aria-labelledby={id} className="rounded-md border border-line bg-surface p-3">
      <header className="mb-2 flex flex-wrap items-center gap-2">
        <h2 id={id} className="flex-1 font-semibold">
          {title}
        </h2>
        <span data-print="no">{action}</span>
      </header>
      {children}
    </section>
  );
}

/** Whether it is what it should be, told apart by more than the colour. */
export const Verdict = ({
  isGood,
  children,
}: {
  readonly isGood: boolean;
  readonly children: ReactNode;
}): ReactElement => (
  <p role="status" className={`break-words ${isGood ? 'text-good' : 'text-bad'}`}>
    <strong>{isGood ? 'Verified. ' : 'Not verified. '}</strong>
    {children}
  </p>
);
