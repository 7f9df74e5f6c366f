import { JsonObject } from '@baton/contracts';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { type FormEvent, type ReactElement, useState } from 'react';
import { api, type Schemas } from '../../api/api.js';
import { mayDo, sessionQuery } from '../../api/session.js';
import { Button } from '../../parts/button.js';
import { TextArea, TextField } from '../../parts/field.js';
import { readJson } from '../../parts/read-json.js';
import { Refused } from '../../parts/refused.js';
import { useRequestKey } from '../../parts/request-key.js';

/** A goal in a sentence: a workflow is composed for it, shown with what it will cost, and run once it is approved. */
export function GoalForm(): ReactElement {
  const navigate = useNavigate();
  const { data: session } = useQuery(sessionQuery);
  const keyFor = useRequestKey();
  const [wrong, setWrong] = useState<string>();
  const { mutate, error, isPending } = useMutation({
    mutationFn: (body: Schemas['SubmitGoal']) =>
      api().post('/v1/goals', { body, params: { header: { 'Idempotency-Key': keyFor(body) } } }),
    onSuccess: ({ runId }) => navigate({ to: '/runs/$runId', params: { runId } }),
  });
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const read = readJson(String(form.get('input') ?? ''));
    const input = 'problem' in read ? null : JsonObject.safeParse(read.value ?? {});
    setWrong(
      'problem' in read ? read.problem : input?.success ? undefined : 'It is about an object: a member for each thing.',
    );
    if (input === null || !input.success) return;
    const usd = Number(form.get('usd') ?? 0);
    mutate({
      goal: String(form.get('goal') ?? ''),
      input: input.data,
      approval: form.get('approval') === 'given' ? 'given' : 'ask',
      ...(usd > 0 ? { budget: { usd } } : {}),
    });
  };
  return (
    <form onSubmit={submit} className="mx-auto max-w-3xl space-y-4">
      <header className="flex flex-wrap items-baseline gap-x-3">
        <h1 className="text-lg font-semibold">Say a goal</h1>
        <Link to="/submit" search={{}} className="text-accent underline">
          Or choose a workflow
        </Link>
      </header>
      <TextArea
        label="Goal"
        name="goal"
        rows={3}
        required
        maxLength={4_000}
        placeholder="Write a report on our sales"
        hint="Of the workers and workflows that are there, one is composed that serves it. A goal that says “then”, “at the same time”, “each” or “if … otherwise …” gets that shape."
      />
      <TextArea
        label="What it is about"
        name="input"
        rows={8}
        spellCheck={false}
        className="w-full rounded border border-line bg-surface px-2 py-1 font-mono text-xs"
        placeholder={'{ "data": { "january": 10200 } }'}
        hint="An object, as JSON; steps are given its members by their names."
        error={wrong}
      />
      <TextField
        label="At most, in US dollars"
        name="usd"
        type="number"
        min={0}
        step="any"
        hint="Empty for no limit."
      />
      {mayDo(session, 'approver') ? (
        <label className="flex items-center gap-2">
          <input type="checkbox" name="approval" value="given" />
          Run what is composed without showing it to anybody first
        </label>
      ) : null}
      <Refused error={error} />
      <Button type="submit" kind="main" disabled={isPending}>
        {isPending ? 'Submitting …' : 'Submit the goal'}
      </Button>
    </form>
  );
}
