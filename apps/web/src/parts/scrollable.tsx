import type { ReactElement, ReactNode } from 'react';

interface ScrollableProps {
  readonly label: string;
  readonly children: ReactNode;
}

/** What is higher than its place, and can be scrolled by keys too. */
export const Scrollable = ({ label, children }: ScrollableProps): ReactElement => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: without it nobody scrolls here who has no mouse
  <section tabIndex={0} aria-label={label} className="max-h-[60vh] overflow-auto">
    {children}
  </section>
);
