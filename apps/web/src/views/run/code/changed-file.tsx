import { type ReactElement, type ReactNode, useEffect, useRef, useState } from 'react';
import { seen } from '../../../parts/plain-text.js';
import { useCodeSearch } from './use-code-search.js';

interface ChangedFileProps {
  readonly path: string;
  /** Whether it is open where nobody has chosen otherwise: beside a file that the address names, none is. */
  readonly isOpenFirst: boolean;
  /** What is said of it beside its path. */
  readonly hint?: ReactNode;
  /** Made when it is opened. */
  readonly children: () => ReactNode;
}

/** A file of a comparison: which one is looked at stands in the address, and a link to it comes to it. */
export function ChangedFile({ path, isOpenFirst, hint, children }: ChangedFileProps): ReactElement {
  const { search, look } = useCodeSearch();
  const isChosen = search.file === path;
  const [isOpen, setOpen] = useState(isOpenFirst || isChosen);
  const place = useRef<HTMLDetailsElement>(null);
  const isNew = useRef(true);
  useEffect(() => {
    if (isChosen) {
      setOpen(true);
      place.current?.scrollIntoView({ block: isNew.current ? 'start' : 'nearest' });
    }
    isNew.current = false;
  }, [isChosen]);
  const toggle = (): void => {
    setOpen(!isOpen);
    if (!isOpen || isChosen) look({ file: isOpen ? undefined : path });
  };
  return (
    <details ref={place} open={isOpen} className="scroll-mt-40">
      {/* biome-ignore lint/a11y/noStaticElementInteractions: a summary is a button, which is pressed by keys, too */}
      <summary
        aria-current={isChosen}
        className="cursor-pointer"
        onClick={(event) => {
          event.preventDefault();
          toggle();
        }}
      >
        <span className={`font-mono break-all ${isChosen ? 'font-medium' : ''}`}>{seen(path)}</span>{' '}
        <span className="text-xs text-quiet">{hint}</span>
      </summary>
      {isOpen ? <div className="mt-1 space-y-2">{children()}</div> : null}
    </details>
  );
}
