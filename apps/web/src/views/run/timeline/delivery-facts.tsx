import { Link } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { seen } from '../../../parts/plain-text.js';
import { durationOf } from '../../../parts/spans.js';
import { Time } from '../../../parts/time.js';
import type { Deliveries, Delivery } from '../story/deliveries.js';
import { Fact } from './facts.js';

const WORDS: Readonly<Record<Delivery['status'], string>> = {
  'in-work': 'at it',
  silent: 'says nothing any more',
  lost: 'lost it; another one has it',
  ended: 'done',
};

/** Who worked on it, how long it waited before, and what was heard last. */
export function DeliveryFacts({ deliveries }: { readonly deliveries: Deliveries | undefined }): ReactElement | null {
  if (deliveries === undefined) return null;
  const { all, work } = deliveries;
  return (
    <>
      {work !== null && all.length === 0 ? (
        <Fact name="In queue">
          {durationOf(work.queuedMs)}
          {work.hasWorker ? '' : <NoWorker kind={work.kind} since={work.noWorkerSince} />}
        </Fact>
      ) : null}
      {all.map((delivery) => (
        <Fact key={`${delivery.workerId} ${delivery.begunAt}`} name="Worker">
          {seen(delivery.kind)}
          {delivery.version === null ? '' : ` ${seen(delivery.version)}`}
          {delivery.host === null ? '' : ` on ${seen(delivery.host)}, process ${delivery.pid ?? '?'}`}:{' '}
          {WORDS[delivery.status]};{' '}
          {delivery.queuedMs === null ? '' : `${durationOf(delivery.queuedMs)} in the queue, `}
          {durationOf(delivery.workMs)} at work
          {delivery.note === null ? null : <span className="block text-quiet">“{seen(delivery.note)}”</span>}
          <span className="block break-all text-quiet">
            <Link to="/operations" search={{ part: 'workers' }} className="hover:underline">
              worker {seen(delivery.workerId)}
            </Link>
            {delivery.dispatchNo > 0 ? `, sent anew ${delivery.dispatchNo} ×` : ''}
          </span>
          {delivery.beatAt === null ? null : (
            <span className="block text-quiet">
              last sign of life <Time at={delivery.beatAt} />
            </span>
          )}
        </Fact>
      ))}
    </>
  );
}

const NoWorker = ({ kind, since }: { readonly kind: string; readonly since: string | null }): ReactElement => (
  <span className="block text-bad">
    No worker of the kind {seen(kind)} is alive
    {since === null ? (
      '; none was ever seen'
    ) : (
      <>
        , since <Time at={since} />
      </>
    )}
    . Start one.
  </span>
);
