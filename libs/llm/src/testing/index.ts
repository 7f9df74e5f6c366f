export {
  apiError,
  eventsOf,
  type MessagesServer,
  message,
  type ReceivedRequest,
  type Reply,
  startMessagesServer,
  status,
  stream,
} from './messages-server.js';
export { createPromptCache } from './prompt-cache.js';
export { request } from './sample-request.js';
