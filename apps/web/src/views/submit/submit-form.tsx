import type { Json } from '@baton/contracts';
import { type FormEvent, type ReactElement, useMemo, useState } from 'react';
import type { Schemas } from '../../api/api.js';
import { Button } from '../../parts/button.js';
import { seen } from '../../parts/plain-text.js';
import { Tabs } from '../../parts/tabs.js';
import { CommandBox } from './command-box.js';
import { batonCommand, curlCommand } from './commands.js';
import { inputSchemaOf, takesLineage, takesWorkspace, workerStates } from './document-parts.js';
import { bodyOf, type Draft } from './draft.js';
import { Members } from './field-input.js';
import type { Form } from './form.js';
import { type Path, problemsIn, type Wrong, withValueAt } from './input-value.js';
import { JsonArea } from './json-area.js';
import { RunSettings } from './run-settings.js';
import { fieldsOf, isObject } from './schema-fields.js';
import { useSubmit } from './use-submit.js';
import { WorkspaceSection } from './workspace-section.js';

interface SubmitFormProps {
  /** The name, or `name@version`: what is sent. */
  readonly workflow: string;
  readonly document: Schemas['WorkflowView']['document'];
  readonly begun: Draft;
  readonly as: 'form' | 'json';
  readonly onShow: (as: 'form' | 'json') => void;
}

const TABS = [
  { id: 'form', title: 'Form' },
  { id: 'json', title: 'JSON' },
] as const;

const INPUT = '/input';

/** The form, and the same as JSON: two ways to look at one value. */
export function SubmitForm({ workflow, document, begun, as, onShow }: SubmitFormProps): ReactElement {
  const [draft, setDraft] = useState(begun);
  const [unread, setUnread] = useState<Readonly<Record<string, string>>>({});
  const [isTried, setTried] = useState(false);
  const schema = useMemo(() => inputSchemaOf(document), [document]);
  const { members, states } = useMemo(
    () => ({ members: fieldsOf(schema), states: workerStates(document) }),
    [document, schema],
  );
  const { send, isBusy, refusal, wrong: refused, keyOf } = useSubmit();
  const change = (next: Partial<Draft>): void => setDraft((before) => ({ ...before, ...next }));
  const note = (pointer: string, problem: string | null): void =>
    setUnread(({ [pointer]: _, ...others }) => (problem === null ? others : { ...others, [pointer]: problem }));
  const [unreadProblem = null] = Object.values(unread);
  const { body, wrong: ours } = bodyOf(workflow, draft);
  const inputWrong = problemsIn(members, draft.input).map(({ pointer, detail }) => ({
    pointer: INPUT + pointer,
    detail,
  }));
  const all = [...refused, ...(isTried ? [...inputWrong, ...ours] : ours)];
  const wrong = new Map(all.map(({ pointer, detail }) => [pointer, detail]));
  const ownMembers = takesWorkspace(schema) ? members.filter(({ name }) => name !== 'workspace') : members;
  const form: Form = {
    value: draft.input,
    onChange: (path: Path, value: Json | undefined) =>
      setDraft((before) => ({ ...before, input: withValueAt(before.input, path, value) })),
    onProblem: note,
    wrong: new Map(all.flatMap(({ pointer, detail }) => inInput(pointer, detail))),
  };
  const isWrong = inputWrong.length > 0 || ours.length > 0 || unreadProblem !== null;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setTried(true);
    if (!isWrong && !isBusy) send(body);
  };
  return (
    <div className="grid items-start gap-6 xl:grid-cols-[minmax(0,1fr)_26rem]">
      {/* What is wrong is said in our words, and the gateway has the last one. */}
      <form
        noValidate
        onSubmit={submit}
        className="space-y-5 [&_:is(input,select,textarea,button,summary)]:scroll-mb-20"
      >
        <Tabs label="How the input is given" value={as} tabs={TABS} onChoose={onShow}>
          {as === 'json' ? (
            <JsonArea
              label="Input"
              hint="An object, as the workflow’s schema describes it."
              error={wrong.get(INPUT)}
              rows={18}
              value={draft.input}
              onChange={(value) => change({ input: isObject(value) ? value : {} })}
              onProblem={(problem) => note('', problem)}
            />
          ) : (
            <div className="space-y-3">
              {ownMembers.length === 0 && !takesWorkspace(schema) ? <NoFields /> : null}
              <Members members={ownMembers} form={form} path={[]} />
              {takesWorkspace(schema) ? (
                <WorkspaceSection
                  value={draft.input.workspace}
                  takesLineage={takesLineage(schema)}
                  error={form.wrong.get('/workspace') ?? form.wrong.get('/workspace/tree')}
                  onChange={(workspace, isShared) =>
                    setDraft((before) => ({ ...before, input: withWorkspace(before.input, workspace, isShared) }))
                  }
                />
              ) : null}
            </div>
          )}
        </Tabs>
        <details open={ours.length > 0 || hasSettings(draft)}>
          <summary className="cursor-pointer font-medium">Labels, decisions, budget, priority, steps by hand</summary>
          <div className="mt-3">
            <RunSettings draft={draft} onChange={change} states={states} wrong={wrong} />
          </div>
        </details>
        <Refusal refusal={refusal} wrong={isTried ? all : []} jsonProblem={isTried ? unreadProblem : null} />
        <div className="sticky bottom-0 border-t border-line bg-ground py-3">
          <Button type="submit" kind="main" disabled={isBusy}>
            {isBusy ? 'Submitting …' : 'Submit the run'}
          </Button>
        </div>
      </form>
      <aside aria-label="The same as a command" className="min-w-0 space-y-4">
        <CommandBox title="baton" command={batonCommand(body)} />
        <CommandBox title="curl" command={curlCommand(body, keyOf(body))} />
        <p className="text-xs text-quiet">
          <code className="font-mono">source .baton/env</code> sets the address and the token. The same key is the same
          run, however often it is sent.
        </p>
      </aside>
    </div>
  );
}

const NoFields = (): ReactElement => (
  <p className="text-quiet">The workflow says nothing of its input that a form could show. Write it as JSON.</p>
);

const inInput = (pointer: string, detail: string): readonly (readonly [string, string])[] =>
  pointer.startsWith(`${INPUT}/`) ? [[pointer.slice(INPUT.length), detail]] : [];

const hasSettings = ({ labels, mode, usd, tokens, wallClock, priority, byHand }: Draft): boolean =>
  labels.length + byHand.length > 0 || [mode, usd, tokens, wallClock, priority].some((text) => text !== '');

/** Whoever works on a lineage shares a workspace, where the workflow has a word for that. */
function withWorkspace(
  input: Draft['input'],
  workspace: Draft['input'] | undefined,
  isShared: boolean,
): Draft['input'] {
  const given = withValueAt(input, ['workspace'], workspace);
  if (isShared) return withValueAt(given, ['workspaceType'], 'shared');
  return given.workspaceType === 'shared' ? withValueAt(given, ['workspaceType'], undefined) : given;
}

interface RefusalProps {
  readonly refusal: string | null;
  readonly wrong: readonly Wrong[];
  readonly jsonProblem: string | null;
}

function Refusal({ refusal, wrong, jsonProblem }: RefusalProps): ReactElement | null {
  if (refusal === null && wrong.length === 0 && jsonProblem === null) return null;
  return (
    <div role="alert" className="rounded border border-bad bg-bad-soft p-2 text-bad">
      <p className="break-words">{seen(refusal ?? jsonProblem ?? 'Something is missing, or does not fit.')}</p>
      {wrong.length === 0 ? null : (
        <ul className="mt-1 list-disc pl-5">
          {wrong.map(({ pointer, detail }) => (
            <li key={`${pointer} ${detail}`} className="break-words">
              {seen(`${pointer.replace(/^\/input\//, '')}: ${detail}`)}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}
