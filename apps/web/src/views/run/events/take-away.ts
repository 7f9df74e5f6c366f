import type { RunEvent } from '../run-events.js';

/** One event a line, as `baton audit` and others read it. */
export const jsonlOf = (events: readonly RunEvent[]): string =>
  events.map((event) => `${JSON.stringify(event)}\n`).join('');

export const replayCommand = (runId: string, version: number): string => `baton replay ${runId} --at ${version}`;

export const curlCommand = (runId: string, version: number): string =>
  `curl -H "Authorization: Bearer $BATON_TOKEN" "$BATON_URL/v1/runs/${runId}/events?after=${version - 1}&limit=1"`;
