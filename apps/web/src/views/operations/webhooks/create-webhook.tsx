import { type ReactElement, useState } from 'react';
import { api, type Schemas } from '../../../api/api.js';
import { TextField } from '../../../parts/field.js';
import { Confirmed } from '../confirmed.js';
import { webhooksQuery } from '../queries.js';
import { SecretOnce } from '../secret-once.js';

type WebhookEvent = Schemas['WebhookEvent'];

const EVENTS: readonly WebhookEvent[] = [
  'approval.requested',
  'approval.reminded',
  'approval.escalated',
  'run.finished',
  'run.parked',
  'budget.warning',
  'budget.exhausted',
  'dead-letter.recorded',
];

/** Asks where to, and of what; shows the secret that signs what is sent. */
export function CreateWebhook(): ReactElement {
  const [url, setUrl] = useState('');
  const [events, setEvents] = useState<readonly WebhookEvent[]>([]);
  return (
    <Confirmed
      action="Create webhook"
      kind="main"
      title="Create a webhook"
      description="The endpoint is told of what happens, signed with a secret of its own."
      run={(key) =>
        api().post('/v1/webhooks', {
          params: { header: { 'Idempotency-Key': key } },
          body: { url, ...(events.length === 0 ? {} : { events: [...events] }) },
        })
      }
      stale={[webhooksQuery.queryKey]}
      result={({ secret }) => <SecretOnce label="The secret of the webhook." secret={secret} />}
    >
      <TextField
        label="Address"
        type="url"
        required
        placeholder="https://example.org/baton"
        value={url}
        onChange={({ target }) => setUrl(target.value)}
      />
      <fieldset>
        <legend className="mb-1 font-medium">Told of</legend>
        <div className="grid gap-1 sm:grid-cols-2">
          {EVENTS.map((event) => (
            <label key={event} className="flex items-center gap-2">
              <input
                type="checkbox"
                checked={events.includes(event)}
                onChange={({ target }) =>
                  setEvents(target.checked ? [...events, event] : events.filter((each) => each !== event))
                }
              />
              {event}
            </label>
          ))}
        </div>
        <p className="text-xs text-quiet">None ticked: what the gateway tells unless asked otherwise.</p>
      </fieldset>
    </Confirmed>
  );
}
