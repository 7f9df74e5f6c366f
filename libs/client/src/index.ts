export { type Client, type ClientOptions, openClient } from './client.js';
export { type FollowOptions, followEvents } from './follow-events.js';
export type { components, operations, paths } from './generated/paths.js';
export { listUpTo } from './pages.js';
export { type PatienceOptions, persistently } from './patience.js';
export { type Advise, GatewayRefused, GatewayUnreachable, type PointedError } from './refused.js';
