import { useEffect, useRef } from 'react';
import { type InboxKey, inboxKeyOf } from './keys.js';

const within = (target: EventTarget | null) =>
  target instanceof HTMLElement
    ? { tagName: target.tagName, isEditable: target.isContentEditable, role: target.getAttribute('role') }
    : null;

/** Calls for each key that is meant for the inbox, while it is on and nobody types. */
export function useInboxKeys(isOn: boolean, onKey: (key: InboxKey) => void): void {
  const current = useRef(onKey);
  const lastGMs = useRef(Number.NEGATIVE_INFINITY);
  useEffect(() => {
    current.current = onKey;
  });
  useEffect(() => {
    if (!isOn) return;
    const hear = (event: KeyboardEvent): void => {
      const sinceGMs = event.timeStamp - lastGMs.current;
      lastGMs.current = event.key === 'g' ? event.timeStamp : Number.NEGATIVE_INFINITY;
      const { key, ctrlKey, metaKey, altKey, defaultPrevented } = event;
      const pressed = { key, ctrlKey, metaKey, altKey, defaultPrevented, within: within(event.target) };
      const meant = inboxKeyOf(pressed, sinceGMs);
      if (meant === null) return;
      event.preventDefault();
      current.current(meant);
    };
    document.addEventListener('keydown', hear);
    return () => document.removeEventListener('keydown', hear);
  }, [isOn]);
}
