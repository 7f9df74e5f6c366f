import type { ReactElement } from 'react';
import { api } from '../../../api/api.js';
import { operationsKey } from '../../../api/operations.js';
import { TextField } from '../../../parts/field.js';
import { Secret } from '../../../parts/secret.js';
import { CreateInDialog } from '../create-in-dialog.js';
import { wordsIn } from '../words-in.js';

function webhookInForm(form: FormData) {
  const workflows = wordsIn(form.get('workflows'));
  return { url: String(form.get('url') ?? ''), ...(workflows.length === 0 ? {} : { workflows }) };
}

/** A form for an endpoint that is told of what happens; its secret is shown once. */
export function CreateWebhook(): ReactElement {
  return (
    <CreateInDialog
      title="New webhook"
      queryKey={operationsKey('webhooks')}
      read={webhookInForm}
      create={(body, key) => api().post('/v1/webhooks', { body, params: { header: { 'Idempotency-Key': key } } })}
      shown={({ secret }) => <Secret label="The secret that deliveries are signed with" secret={secret} />}
    >
      <TextField
        label="Address"
        name="url"
        type="url"
        required
        placeholder="https://"
        hint="Told by POST, signed as Standard Webhooks are."
      />
      <TextField label="Workflows" name="workflows" hint="Names with a comma between; empty for all." />
    </CreateInDialog>
  );
}
