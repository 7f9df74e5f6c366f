import { yaml } from '@codemirror/lang-yaml';
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { type Diagnostic, lintGutter, setDiagnostics } from '@codemirror/lint';
import { tags } from '@lezer/highlight';
import { basicSetup, EditorView } from 'codemirror';
import { type ReactElement, type Ref, useEffect, useImperativeHandle, useRef } from 'react';
import { styleNonce } from '../../../page/nonce.js';
import { completing } from './completing.js';
import type { Marked } from './marked-findings.js';
import { overSelection } from './over-selection.js';
import type { Vocabulary } from './vocabulary.js';

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
  readonly vocabulary: Vocabulary;
  readonly ref: Ref<EditorHandle>;
}

const THEME = EditorView.theme({
  '&': { backgroundColor: 'var(--surface)', color: 'var(--ink)', height: '65vh', fontSize: '12px' },
  '&.cm-focused': { outline: '2px solid var(--accent)' },
  '.cm-content': { fontFamily: 'ui-monospace, Menlo, Consolas, monospace', caretColor: 'var(--ink)' },
  '.cm-cursor': { borderLeftColor: 'var(--ink)' },
  '.cm-gutters': { backgroundColor: 'var(--raised)', color: 'var(--quiet)', borderColor: 'var(--line)' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'var(--raised)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'var(--busy-soft) !important',
  },
  '.cm-tooltip, .cm-panels': { backgroundColor: 'var(--surface)', color: 'var(--ink)', borderColor: 'var(--line)' },
  '.cm-tooltip-autocomplete ul li[aria-selected]': { backgroundColor: 'var(--accent)', color: 'var(--accent-ink)' },
  '.cm-completionDetail': { color: 'var(--quiet)', fontStyle: 'normal' },
  '.cm-tooltip-autocomplete ul li[aria-selected] .cm-completionDetail': { color: 'inherit' },
  '.cm-tooltip.cm-completionInfo': { maxWidth: 'min(22rem, 80vw)', padding: '4px 8px', fontFamily: 'inherit' },
  '.cm-diagnostic': { whiteSpace: 'pre-wrap' },
});

/** Names stand out, and what is said beside steps back; no colour here is one of a state. */
const COLOURS = HighlightStyle.define([
  { tag: tags.definition(tags.propertyName), color: 'var(--accent)' },
  { tag: [tags.string, tags.special(tags.string)], color: 'var(--busy)' },
  { tag: [tags.comment, tags.meta, tags.punctuation, tags.separator, tags.bracket], color: 'var(--quiet)' },
  { tag: [tags.labelName, tags.typeName, tags.keyword], color: 'var(--ink)', fontWeight: '600' },
]);

const diagnosticsOf = (findings: readonly Marked[], length: number): Diagnostic[] =>
  findings.map(({ place, severity, message }) => ({
    from: Math.min(place.from, length),
    to: Math.min(place.to, length),
    severity,
    message,
  }));

/** Escape and then Tab leave it, as Tab alone does: it indents nothing. */
export function YamlEditor({ label, initial, onChange, findings, vocabulary, ref }: YamlEditorProps): ReactElement {
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const told = useRef(onChange);
  told.current = onChange;
  const words = useRef(vocabulary);
  words.current = vocabulary;
  useEffect(() => {
    if (place.current === null) return;
    const made = new EditorView({
      parent: place.current,
      doc: initial,
      extensions: [
        ...(styleNonce === undefined ? [] : [EditorView.cspNonce.of(styleNonce)]),
        basicSetup,
        yaml(),
        completing(() => words.current),
        syntaxHighlighting(COLOURS),
        overSelection,
        lintGutter(),
        EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
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
  return (
    <div>
      <div ref={place} className="overflow-hidden rounded-md border border-line" />
      <p className="mt-1 text-xs text-quiet">
        <kbd>Ctrl+Space</kbd> says what can stand at a place. <kbd>Esc</kbd> and then <kbd>Tab</kbd> leave the text.
      </p>
    </div>
  );
}
