/** What has the focus; of an item of a menu, which is gone in a moment, the button that opened the menu. */
export function focusedNow(): HTMLElement | null {
  const focused = document.activeElement;
  const menu = focused?.closest('[role=menu]');
  const opener = menu == null ? focused : document.getElementById(menu.getAttribute('aria-labelledby') ?? '');
  return opener instanceof HTMLElement && opener !== document.body ? opener : null;
}

/**
 * The focus back to what had it; where that is gone by now, as with what was just taken away, to the view. Not where another
 * dialog was opened meanwhile, and has it.
 */
export function giveBack(before: HTMLElement | null): void {
  if (document.activeElement?.closest('[role=dialog], [role=alertdialog]') != null) return;
  const to = before?.isConnected === true ? before : document.getElementById('view');
  to?.focus({ preventScroll: to !== before });
}
