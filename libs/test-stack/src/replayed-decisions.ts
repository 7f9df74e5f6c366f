import { EventList, RunList } from '@baton/contracts';
import { differencesOf, type RecordedEvent, upcast } from '@baton/workflow';

type Api = (path: string) => Promise<unknown>;

/**
 * Makes every decision of every run of a stack again, from the log alone and with no model, and holds it to what the log
 * says. What differs, in words.
 */
export async function decisionsThatDiffer(api: Api): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const runId of runIds(api)) {
    const { differences } = await differencesOf(runId, await recorded(api, runId));
    found.push(...differences.map((difference) => `run ${runId}, ${difference}`));
  }
  return found;
}

async function* runIds(api: Api): AsyncGenerator<string> {
  for (let cursor: string | null = ''; cursor !== null; ) {
    const page: RunList = RunList.parse(await api(`/v1/runs?limit=200${cursor === '' ? '' : `&cursor=${cursor}`}`));
    for (const { runId, version } of page.runs) if (version > 0) yield runId;
    cursor = page.next;
  }
}

async function recorded(api: Api, runId: string): Promise<readonly RecordedEvent[]> {
  const events: RecordedEvent[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const from: string = cursor === '' ? '' : `&cursor=${cursor}`;
    const page: EventList = EventList.parse(await api(`/v1/runs/${runId}/events?limit=1000${from}`));
    for (const { type, schemaVersion, data, version, recordedAt } of page.events) {
      events.push({ event: upcast(type, schemaVersion, data), version, recordedAt });
    }
    cursor = page.next;
  }
  return events;
}
