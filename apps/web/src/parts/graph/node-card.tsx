import { Handle, type Node, type NodeProps, Position } from '@xyflow/react';
import { createContext, type ReactElement, type ReactNode, useContext } from 'react';
import { seen } from '../plain-text.js';
import type { PictureNode } from './machine-picture.js';
import { MARK_COLOURS, MARK_WORDS, type StateMark } from './state-marks.js';

/** What a node becomes when it can be followed or chosen: a link, or a button. */
export type Chooser = (props: {
  readonly state: string;
  readonly className: string;
  readonly children: ReactNode;
}) => ReactElement;

export const ChooserContext = createContext<Chooser>(({ className, children }) => (
  <div className={className}>{children}</div>
));

interface CardData extends Record<string, unknown> {
  readonly node: PictureNode;
  readonly mark: StateMark | null;
}

export type CardNode = Node<CardData, 'card'>;

export function NodeCard({ data: { node, mark } }: NodeProps<CardNode>): ReactElement {
  const choose = useContext(ChooserContext);
  const isGroup = node.inner.length > 0;
  const tone = mark === null ? 'border-quiet bg-surface' : MARK_COLOURS[mark.status];
  return (
    <div
      className={`nopan pointer-events-auto h-full w-full rounded-md border text-xs ${isGroup ? 'border-dashed' : ''} ${isGroup && mark === null ? 'border-quiet bg-ground' : tone}`}
    >
      <Handle type="target" position={Position.Top} isConnectable={false} className="opacity-0" />
      {choose({
        state: node.name,
        className: `block w-full overflow-hidden rounded-md px-2 py-1.5 text-left text-ink ${isGroup ? '' : 'h-full'}`,
        children: <CardWords node={node} mark={mark} />,
      })}
      <Handle type="source" position={Position.Bottom} isConnectable={false} className="opacity-0" />
    </div>
  );
}

/** A state is told in words too, so that its colour is never all there is. */
const CardWords = ({ node, mark }: CardData): ReactElement => (
  <>
    <span className="block truncate font-semibold">
      {node.isStart ? <span aria-hidden="true">▸ </span> : null}
      {seen(node.name)}
    </span>
    <span className="block truncate text-quiet">
      {node.type}
      {node.worker === null ? '' : ` · ${seen(node.worker)}`}
    </span>
    {mark === null ? null : (
      <span className="block truncate font-medium">{[MARK_WORDS[mark.status], ...mark.notes].join(' · ')}</span>
    )}
  </>
);
