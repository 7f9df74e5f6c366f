export {
  apiError,
  type MessagesServer,
  message,
  type ReceivedRequest,
  type Reply,
  startMessagesServer,
} from './messages-server.js';
export { request } from './sample-request.js';
