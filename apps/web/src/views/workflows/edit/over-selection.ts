import { EditorView } from 'codemirror';

/**
 * What is typed over a selection. A browser would write it in the style of what it replaces, as a style attribute, which the
 * policy of the page forbids and the console complains of: so it is written by the editor, as everything else.
 */
export const overSelection = EditorView.domEventHandlers({
  beforeinput: (event, view) => {
    const { data, inputType, isComposing } = event;
    const { from, to, empty } = view.state.selection.main;
    if (empty || isComposing || inputType !== 'insertText' || data === null) return false;
    const written = () =>
      view.state.update(view.state.replaceSelection(data), { userEvent: 'input.type', scrollIntoView: true });
    // Such as the one that puts brackets around.
    const isTaken = view.state.facet(EditorView.inputHandler).some((take) => take(view, from, to, data, written));
    if (!isTaken) view.dispatch(written());
    event.preventDefault();
    return true;
  },
});
