import { autocompletion, type CompletionContext, type CompletionResult } from '@codemirror/autocomplete';
import { yaml } from '@codemirror/lang-yaml';
import { type Diagnostic, lintGutter, setDiagnostics } from '@codemirror/lint';
import { basicSetup, EditorView } from 'codemirror';
import { type ReactElement, type Ref, useEffect, useImperativeHandle, useRef } from 'react';
import { styleNonce } from '../../../page/nonce.js';
import { completionAt } from './completions.js';
import type { Marked } from './marked-findings.js';

/** Moves to a place of the text, for who reads the list of findings. */
export interface EditorHandle {
  readonly show: (from: number) => void;
}

interface YamlEditorProps {
  readonly label: string;
  /** What it begins with; later on the text is the editor's own. */
  readonly initial: string;
  readonly onChange: (text: string) => void;
  readonly findings: readonly Marked[];
  readonly ref: Ref<EditorHandle>;
}

/** Text in one ink: colour is for state, and the state here is what is wrong. */
const THEME = EditorView.theme({
  '&': { backgroundColor: 'var(--surface)', color: 'var(--ink)', height: '65vh', fontSize: '12px' },
  '&.cm-focused': { outline: '2px solid var(--accent)' },
  '.cm-content': { fontFamily: 'ui-monospace, Menlo, Consolas, monospace', caretColor: 'var(--ink)' },
  '.cm-cursor': { borderLeftColor: 'var(--ink)' },
  '.cm-line span': { color: 'var(--ink) !important' },
  '.cm-gutters': { backgroundColor: 'var(--raised)', color: 'var(--quiet)', borderColor: 'var(--line)' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'var(--raised)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'var(--busy-soft) !important',
  },
  '.cm-tooltip, .cm-panels': { backgroundColor: 'var(--surface)', color: 'var(--ink)', borderColor: 'var(--line)' },
  '.cm-tooltip-autocomplete ul li[aria-selected]': { backgroundColor: 'var(--accent)', color: 'var(--accent-ink)' },
  '.cm-diagnostic': { whiteSpace: 'pre-wrap' },
});

function complete(context: CompletionContext): CompletionResult | null {
  const found = completionAt(context.state.doc.toString(), context.pos);
  if (found === null || (found.from === context.pos && !context.explicit && found.kind === 'key')) return null;
  return {
    from: found.from,
    options: found.words.map((word) =>
      found.kind === 'key' ? { label: word, apply: `${word}: `, type: 'property' } : { label: word, type: 'constant' },
    ),
    validFor: /^[\w:.-]*$/,
  };
}

const diagnosticsOf = (findings: readonly Marked[], length: number): Diagnostic[] =>
  findings.map(({ place, severity, message }) => ({
    from: Math.min(place.from, length),
    to: Math.min(place.to, length),
    severity,
    message,
  }));

/** Escape and then Tab leave it, as Tab alone does: it indents nothing. */
export function YamlEditor({ label, initial, onChange, findings, ref }: YamlEditorProps): ReactElement {
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const told = useRef(onChange);
  told.current = onChange;
  useEffect(() => {
    if (place.current === null) return;
    const made = new EditorView({
      parent: place.current,
      doc: initial,
      extensions: [
        ...(styleNonce === undefined ? [] : [EditorView.cspNonce.of(styleNonce)]),
        basicSetup,
        yaml(),
        autocompletion({ override: [complete] }),
        lintGutter(),
        EditorView.contentAttributes.of({ 'aria-label': label }),
        EditorView.updateListener.of(({ docChanged, state }) => {
          if (docChanged) told.current(state.doc.toString());
        }),
        THEME,
      ],
    });
    view.current = made;
    return () => {
      view.current = null;
      made.destroy();
    };
  }, [initial, label]);
  useEffect(() => {
    const made = view.current;
    if (made !== null) made.dispatch(setDiagnostics(made.state, diagnosticsOf(findings, made.state.doc.length)));
  }, [findings]);
  useImperativeHandle(ref, () => ({
    show(from) {
      const made = view.current;
      if (made === null) return;
      const at = Math.min(from, made.state.doc.length);
      made.dispatch({ selection: { anchor: at }, effects: EditorView.scrollIntoView(at, { y: 'center' }) });
      made.focus();
    },
  }));
  return <div ref={place} className="overflow-hidden rounded-md border border-line" />;
}
