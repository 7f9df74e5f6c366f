import { type ReactElement, useState } from 'react';
import { copyText } from '../../../parts/copy-text.js';
import { Menu, MenuItem } from '../../../parts/menu.js';
import { useRunEvents } from '../run-events.js';
import type { TabProps } from '../run-tabs.js';

/** What one sends to somebody else, or types elsewhere. */
export function CopyMenu({ run }: TabProps): ReactElement {
  const [said, setSaid] = useState('');
  const first = useRunEvents(run.runId, false).data?.events[0];
  const copy = async (what: string, text: string): Promise<void> => {
    const isCopied = await copyText(text);
    setSaid(isCopied ? `${what} copied` : '');
    if (!isCopied) window.prompt(`${what}:`, text);
  };
  const item = (what: string, text: string): ReactElement => (
    <MenuItem onChoose={() => void copy(what, text)}>{what}</MenuItem>
  );
  return (
    <>
      <span role="status" className="sr-only">
        {said}
      </span>
      <Menu label="Copy ▾">
        {item('Link to this view', window.location.href)}
        {item('Id of the run', run.runId)}
        {item('Command that shows it', `baton run get ${run.runId}`)}
        {item('Command that follows it', `baton run watch ${run.runId}`)}
        {item('Command for its events', `baton run events ${run.runId}`)}
        {first?.correlationId == null ? null : item('Correlation id', first.correlationId)}
      </Menu>
    </>
  );
}
