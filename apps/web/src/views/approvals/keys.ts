export type InboxKey = 'next' | 'previous' | 'open' | 'a' | 'c' | 'x';

const KEYS: Readonly<Record<string, InboxKey>> = {
  j: 'next',
  k: 'previous',
  Enter: 'open',
  a: 'a',
  c: 'c',
  x: 'x',
};
/** `g` and another key go to another view: the second one is not meant for what is shown. */
const AFTER_G_MS = 1_500;

interface Pressed {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly defaultPrevented: boolean;
  /** The element that it was pressed in; null for the page. */
  readonly within: { readonly tagName: string; readonly isEditable: boolean; readonly role: string | null } | null;
}

const TYPED_INTO = new Set(['INPUT', 'TEXTAREA', 'SELECT']);
const PRESSED_ITSELF = new Set(['A', 'BUTTON', 'SUMMARY']);

/**
 * What a key means in the inbox; null where it is somebody else's: typed into a field, with a modifier, or on what has a
 * meaning for Enter of its own.
 *
 * @param sinceGMs how long ago `g` was pressed
 */
export function inboxKeyOf({ key, within, ...pressed }: Pressed, sinceGMs: number): InboxKey | null {
  if (pressed.defaultPrevented || pressed.ctrlKey || pressed.metaKey || pressed.altKey) return null;
  if (sinceGMs < AFTER_G_MS) return null;
  if (within !== null) {
    const { tagName, isEditable, role } = within;
    if (isEditable || TYPED_INTO.has(tagName) || role === 'menuitem' || role === 'tab') return null;
    if (key === 'Enter' && PRESSED_ITSELF.has(tagName)) return null;
  }
  return Object.hasOwn(KEYS, key) ? (KEYS[key] ?? null) : null;
}
