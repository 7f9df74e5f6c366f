import { useEffect, useLayoutEffect, useRef } from 'react';
import { keyOf, sequenceAfter } from './key-sequence.js';

/*
 * Keys of the page. Whoever is shown says which keys it takes and what they do (`useKeys`), and the help that `?` opens lists
 * them. What is typed is never taken for a key: not in fields, not in the editor, not in an open menu, not while a dialog asks.
 */

export interface KeyBinding {
  /** `j`, `g r`, `?`, `enter`, `mod+k` (Control or ⌘). */
  readonly keys: string;
  /** What it does, for the help. */
  readonly title: string;
  readonly run: () => void;
}

interface KeyGroup {
  readonly title: string;
  readonly bindings: readonly KeyBinding[];
}

/** The newest is asked first: a view has its word before the frame around it. */
let groups: readonly { readonly current: KeyGroup }[] = [];
let pressed: readonly string[] = [];
let forgetting: ReturnType<typeof setTimeout> | undefined;

/** As long as somebody may think between the two keys of `g r`. */
const SEQUENCE_MS = 1_200;

const TYPED_INTO =
  'input:not([type=checkbox]):not([type=radio]):not([type=button]), textarea, select, [contenteditable]:not([contenteditable=false]), [role=textbox], [role=combobox], [role=menu], [role=listbox], [role=slider]';
/** Enter and space are theirs. */
const PRESSED_ITSELF = 'a, button, summary, input, [role=button], [role=tab], [role=checkbox]';
const ASKING = '[role=dialog], [role=alertdialog], [role=menu]';

function isTaken(event: KeyboardEvent, key: string): boolean {
  if (event.defaultPrevented || event.isComposing) return true;
  // A key that is held goes down a list, and does nothing else twice.
  if (event.repeat && key !== 'j' && key !== 'k') return true;
  const at = event.target instanceof Element ? event.target : document.body;
  if (document.querySelector(ASKING) !== null) return true;
  if (!key.startsWith('mod+') && at.closest(TYPED_INTO) !== null) return true;
  return (key === 'enter' || key === 'space') && at.closest(PRESSED_ITSELF) !== null;
}

function take(event: KeyboardEvent): void {
  const key = keyOf(event);
  if (key === null || isTaken(event, key)) return;
  const bindings = groups.flatMap(({ current }) => current.bindings);
  const next = sequenceAfter(
    pressed,
    key,
    bindings.map(({ keys }) => keys),
  );
  pressed = next.pressed;
  clearTimeout(forgetting);
  if (pressed.length > 0) {
    forgetting = setTimeout(() => {
      pressed = [];
    }, SEQUENCE_MS);
  }
  const found = bindings.find(({ keys }) => keys === next.found);
  if (found === undefined) return;
  event.preventDefault();
  found.run();
}

/**
 * Takes keys for as long as the caller is shown. @param title whose they are, in the help
 */
export function useKeys(title: string, bindings: readonly KeyBinding[]): void {
  const group = useRef<KeyGroup>({ title, bindings });
  // With what is shown, not after it: the next key may be here already, and is meant for what is seen.
  useLayoutEffect(() => {
    group.current = { title, bindings };
  });
  useEffect(() => {
    if (groups.length === 0) document.addEventListener('keydown', take);
    groups = [group, ...groups];
    return () => {
      groups = groups.filter((each) => each !== group);
      if (groups.length === 0) document.removeEventListener('keydown', take);
    };
  }, []);
}

/** All keys that do something now, as the help lists them. */
export const keyGroups = (): readonly KeyGroup[] =>
  groups.map(({ current }) => current).filter(({ bindings }) => bindings.length > 0);
