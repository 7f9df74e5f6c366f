import { type ComponentType, type ReactElement, use, useEffect } from 'react';
import { NotLoaded } from './not-loaded.js';

/** A component that is loaded once it is shown, or when somebody seems to be about to want it (`preload`). */
export interface Lazily<P> {
  (props: P): ReactElement;
  /** Never rejects: what could not be loaded says so where it would be shown. */
  readonly preload: () => Promise<void>;
}

type Loading<P> = Promise<ComponentType<P> | null>;

/**
 * What could not be loaded takes nothing else of the page with it, and is tried again the next time it is wanted. The gateway
 * may be away for a moment; or it was upgraded, and has no file of the name that this page knows: then the page has to be
 * loaded anew, when whoever is at it wants that.
 *
 * @param Instead is shown where it could not be loaded
 */
export function lazily<P extends object>(
  load: () => Promise<ComponentType<P>>,
  Instead: ComponentType<P> = NotLoaded,
): Lazily<P> {
  let loading: Loading<P> | null = null;
  const begin = (): Loading<P> => {
    loading = load().catch(() => null);
    return loading;
  };
  const forget = (): void => {
    loading = null;
  };
  function Loaded(props: P): ReactElement {
    const Component = use(loading ?? begin());
    return Component === null ? <Missing Instead={Instead} given={props} onLeave={forget} /> : <Component {...props} />;
  }
  const preload = async (): Promise<void> => {
    const mine = loading ?? begin();
    // What did not come beforehand may come by the time it is shown.
    if ((await mine) === null && loading === mine) forget();
  };
  return Object.assign(Loaded, { preload });
}

interface MissingProps<P> {
  readonly Instead: ComponentType<P>;
  readonly given: P;
  readonly onLeave: () => void;
}

function Missing<P extends object>({ Instead, given, onLeave }: MissingProps<P>): ReactElement {
  useEffect(() => onLeave, [onLeave]);
  return <Instead {...given} />;
}
