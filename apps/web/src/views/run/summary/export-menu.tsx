import { type ReactElement, useState } from 'react';
import { api } from '../../../api/api.js';
import { Button } from '../../../parts/button.js';
import { Dialog } from '../../../parts/dialog.js';
import { Menu, MenuItem } from '../../../parts/menu.js';
import { saveFile } from '../../../parts/save-file.js';
import { countOf } from '../../../parts/spans.js';
import { Refusal } from '../actions/request-form.js';
import type { TabProps } from '../run-tabs.js';
import { shortId } from '../run-title.js';
import { FilesDialog } from './files-dialog.js';

const PAGE = 1_000;

/** The whole log, an event a line, put together of its pages. */
async function saveEvents(runId: string, say: (events: number) => void, signal: AbortSignal): Promise<void> {
  const parts: string[] = [];
  for (let after = 0; ; ) {
    const params = { path: { id: runId }, query: { after, limit: PAGE } };
    const { events } = await api().get('/v1/runs/{id}/events', { params, signal });
    parts.push(events.map((event) => `${JSON.stringify(event)}\n`).join(''));
    after = events.at(-1)?.version ?? after;
    say(after);
    if (events.length < PAGE) break;
  }
  saveFile(parts, `${runId}.events.jsonl`, 'application/jsonl');
}

async function saveResult(runId: string, signal: AbortSignal): Promise<void> {
  const result = await api().get('/v1/runs/{id}/result', { params: { path: { id: runId } }, signal });
  saveFile([JSON.stringify(result, null, 2)], `${runId}.result.json`, 'application/json');
}

interface Export {
  readonly events: number;
  readonly error: Error | null;
  readonly stop: () => void;
}

/** What of a run can be taken away as files. */
export function ExportMenu({ run }: TabProps): ReactElement {
  const [isFiles, setFiles] = useState(false);
  const [going, setGoing] = useState<Export | null>(null);
  const { runId } = run;
  const save = async (make: (say: (events: number) => void, signal: AbortSignal) => Promise<void>): Promise<void> => {
    const stopped = new AbortController();
    const stop = (): void => {
      stopped.abort();
      setGoing(null);
    };
    setGoing({ events: 0, error: null, stop });
    try {
      await make((events) => setGoing({ events, error: null, stop }), stopped.signal);
      setGoing(null);
    } catch (thrown) {
      if (!stopped.signal.aborted) setGoing({ events: 0, error: Object(thrown), stop });
    }
  };
  return (
    <>
      <Menu label="Download ▾">
        <MenuItem onChoose={() => void save((say, signal) => saveEvents(runId, say, signal))}>
          Event log (JSONL)
        </MenuItem>
        <MenuItem
          isDisabled={run.endedAt === null}
          onChoose={() => void save((_, signal) => saveResult(runId, signal))}
        >
          Result (JSON)
        </MenuItem>
        <MenuItem onChoose={() => setFiles(true)}>Files …</MenuItem>
      </Menu>
      <Dialog title={`Download of run ${shortId(runId)}`} isOpen={going !== null} onClose={() => going?.stop()}>
        {going?.error == null ? (
          <p role="status">{countOf(going?.events ?? 0)} events are here …</p>
        ) : (
          <Refusal error={going.error} />
        )}
        <p className="mt-3 text-right">
          <Button onClick={() => going?.stop()}>{going?.error == null ? 'Stop' : 'Close'}</Button>
        </p>
      </Dialog>
      {isFiles ? <FilesDialog runId={runId} onClose={() => setFiles(false)} /> : null}
    </>
  );
}
