import { EditorView } from 'codemirror';

/**
 * What is typed over a selection, or put in at once. A browser would write it in the style of what stands there, as a style
 * attribute, which the policy of the page forbids and the console complains of: so it is written by the editor, as everything
 * else.
 */
export const overSelection = EditorView.domEventHandlers({
  beforeinput: (event, view) => {
    const { data, inputType, isComposing } = event;
    if (isComposing || inputType !== 'insertText' || data === null) return false;
    const { from, to } = replacedBy(event, view);
    // Of a single letter between others a browser makes no element.
    if (from === to && data.length < 2) return false;
    const written = () =>
      view.state.update({
        changes: { from, to, insert: data },
        selection: { anchor: from + data.length },
        userEvent: 'input.type',
        scrollIntoView: true,
      });
    // Such as the one that puts brackets around.
    const isTaken = view.state.facet(EditorView.inputHandler).some((take) => take(view, from, to, data, written));
    if (!isTaken) view.dispatch(written());
    event.preventDefault();
    return true;
  },
});

/** As the browser says it: the editor learns of a selection a moment later. */
function replacedBy(event: InputEvent, view: EditorView): { readonly from: number; readonly to: number } {
  const [range] = event.getTargetRanges();
  if (range === undefined) return view.state.selection.main;
  return {
    from: view.posAtDOM(range.startContainer, range.startOffset),
    to: view.posAtDOM(range.endContainer, range.endOffset),
  };
}
