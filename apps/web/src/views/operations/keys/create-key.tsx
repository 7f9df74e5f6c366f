import { type ReactElement, useState } from 'react';
import { api, type Schemas } from '../../../api/api.js';
import { Select, TextField } from '../../../parts/field.js';
import { Confirmed } from '../confirmed.js';
import { keysQuery } from '../queries.js';
import { SecretOnce } from '../secret-once.js';
import { scopeIn } from './scope-in.js';

type Role = Schemas['Role'];

const ROLES: readonly Role[] = ['viewer', 'submitter', 'approver', 'operator', 'auditor', 'admin'];
const DAY_S = 86_400;

/** Asks what a key is for; shows it once. */
export function CreateKey(): ReactElement {
  const [name, setName] = useState('');
  const [roles, setRoles] = useState<readonly Role[]>(['viewer']);
  const [scope, setScope] = useState({ workflows: '', labels: '', isOwn: false });
  const [days, setDays] = useState('90');
  const run = (key: string) => {
    const asked = scopeIn(scope);
    return api().post('/v1/auth/keys', {
      params: { header: { 'Idempotency-Key': key } },
      body: {
        name,
        roles: [...roles],
        ...(asked === undefined ? {} : { scope: asked }),
        ...(days === '' ? {} : { expiresInSeconds: Number(days) * DAY_S }),
      },
    });
  };
  return (
    <Confirmed
      action="Create key"
      kind="main"
      title="Create a key"
      description="Whoever has it may do what its roles say, on the runs of its scope."
      run={run}
      stale={[keysQuery.queryKey]}
      result={(made) => <SecretOnce label={`The key ${made.name}.`} secret={made.key} />}
    >
      <TextField label="Name" required value={name} onChange={({ target }) => setName(target.value)} />
      <fieldset>
        <legend className="mb-1 font-medium">Roles</legend>
        <div className="grid grid-cols-2 gap-1 sm:grid-cols-3">
          {ROLES.map((role) => (
            <label key={role} className="flex items-center gap-2">
              <input
                type="checkbox"
                checked={roles.includes(role)}
                onChange={({ target }) =>
                  setRoles(target.checked ? [...roles, role] : roles.filter((each) => each !== role))
                }
              />
              {role}
            </label>
          ))}
        </div>
      </fieldset>
      <TextField
        label="Workflows"
        hint="Only runs of these; none: of all."
        value={scope.workflows}
        onChange={({ target }) => setScope({ ...scope, workflows: target.value })}
      />
      <TextField
        label="Labels"
        hint="Only runs with all of these, as team=red."
        value={scope.labels}
        onChange={({ target }) => setScope({ ...scope, labels: target.value })}
      />
      <label className="flex items-center gap-2">
        <input
          type="checkbox"
          checked={scope.isOwn}
          onChange={({ target }) => setScope({ ...scope, isOwn: target.checked })}
        />
        Only runs that it submitted itself
      </label>
      <Select label="Ends" value={days} onChange={({ target }) => setDays(target.value)}>
        <option value="1">in a day</option>
        <option value="7">in 7 days</option>
        <option value="30">in 30 days</option>
        <option value="90">in 90 days</option>
        <option value="365">in a year</option>
        <option value="">never</option>
      </Select>
    </Confirmed>
  );
}
