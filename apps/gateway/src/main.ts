import 'reflect-metadata';
import { runService } from '@baton/service-kit';
import { startGateway } from './gateway.js';
import { startRouter } from './router/router.js';

/** `node main.js` runs the gateway of one log; `node main.js route` the router in front of those of several. */
await runService(
  process.argv[2] === 'route' ? { name: 'router', start: startRouter } : { name: 'gateway', start: startGateway },
);
