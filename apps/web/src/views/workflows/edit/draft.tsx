import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { type ReactElement, useEffect, useMemo, useRef, useState } from 'react';
import { api } from '../../../api/api.js';
import { fieldsOf, pictureOf } from '../../../parts/graph/machine-picture.js';
import { StateList } from '../../../parts/graph/state-list.js';
import { Problem } from '../../../shell/problem.js';
import { type Marked, markedIn } from './marked-findings.js';
import { writtenIn } from './pointer-lines.js';
import { Publish } from './publish.js';
import { useVocabulary } from './use-vocabulary.js';
import { type EditorHandle, YamlEditor } from './yaml-editor.js';

const QUIET_MS = 400;

/** What was said last, once nothing else was said for a while. */
function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), QUIET_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}

const validate = (text: string, signal: AbortSignal) =>
  api().post('/v1/workflows/validate', {
    headers: { 'content-type': 'application/yaml' },
    body: text,
    bodySerializer: (body: unknown) => String(body),
    signal,
  });

/** The text, what is wrong with it while it is written, and the way to publish it. */
export function Draft({ initial }: { readonly initial: string }): ReactElement {
  const [text, setText] = useState(initial);
  const settled = useSettled(text);
  const editor = useRef<EditorHandle>(null);
  const vocabulary = useVocabulary();
  const written = useMemo(() => writtenIn(settled), [settled]);
  const isYaml = written.errors.length === 0;
  const { data, error, isPlaceholderData } = useQuery({
    queryKey: ['workflow-findings', settled],
    queryFn: async ({ signal }) => ({ text: settled, ...(await validate(settled, signal)) }),
    enabled: isYaml,
    placeholderData: keepPreviousData,
    gcTime: 10_000,
  });
  // Findings of another text would stand at the wrong lines.
  const marked = useMemo(() => markedIn(settled, data?.text === settled ? data.findings : []), [settled, data]);
  const document = useMemo(() => (isYaml ? fieldsOf(contentOf(written)) : {}), [written, isYaml]);
  const isChecked = isYaml && data?.text === settled && !isPlaceholderData && text === settled;
  return (
    <div className="grid gap-3 lg:grid-cols-[minmax(0,2fr)_minmax(0,1fr)]">
      <YamlEditor
        label="Workflow document"
        initial={initial}
        onChange={setText}
        findings={marked}
        vocabulary={vocabulary}
        ref={editor}
      />
      <div className="space-y-3">
        <Publish text={text} document={document} isReady={isChecked && data.valid} />
        {error === null || !isYaml ? null : <Problem error={error} />}
        <Findings marked={marked} isChecked={isChecked || !isYaml} onShow={(from) => editor.current?.show(from)} />
        <details>
          <summary className="cursor-pointer text-quiet">Its states</summary>
          <StateList machine={pictureOf(document)} />
        </details>
      </div>
    </div>
  );
}

/** Aliases without end are not followed. */
function contentOf({ document }: ReturnType<typeof writtenIn>): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch {
    return null;
  }
}

interface FindingsProps {
  readonly marked: readonly Marked[];
  readonly isChecked: boolean;
  readonly onShow: (from: number) => void;
}

const Findings = ({ marked, isChecked, onShow }: FindingsProps): ReactElement => (
  <section aria-label="Findings" className="rounded-md border border-line bg-surface p-3">
    <p role="status" className="text-quiet">
      {!isChecked ? 'Checking …' : marked.length === 0 ? 'Nothing is wrong with it.' : countsIn(marked)}
    </p>
    <ul className="mt-1 max-h-[45vh] space-y-1.5 overflow-auto">
      {marked.map(({ severity, place, message }) => (
        <li key={`${place.from} ${message}`}>
          <button
            type="button"
            className="w-full rounded px-1 text-left hover:bg-raised"
            onClick={() => onShow(place.from)}
          >
            <span className={severity === 'error' ? 'text-bad' : 'text-warn'}>
              {severity}, line {place.line}
            </span>
            <span className="block break-words">{message}</span>
          </button>
        </li>
      ))}
    </ul>
  </section>
);

function countsIn(marked: readonly Marked[]): string {
  const errors = marked.filter(({ severity }) => severity === 'error').length;
  const said = [
    ...(errors === 0 ? [] : [`${errors} ${errors === 1 ? 'error' : 'errors'}`]),
    ...(errors === marked.length ? [] : [`${marked.length - errors} warnings`]),
  ];
  return `${said.join(', ')}.`;
}
