import { connect } from '@restatedev/restate-sdk-clients';
import { drive } from './driver.mjs';

/** One who calls the service through Restate's ingress. */
await drive(async (ingressUrl) => {
  const bench = connect({ url: ingressUrl }).serviceClient({ name: 'bench' });
  return { run: (steps) => bench.chain(steps), stop: async () => {} };
});
