import { createWebhookNotifier as createNotifier } from '../../../remediator/notify/webhook-notifier.ts';
import { atPoint } from './kill-point.ts';

/** In the place of the product's own. */
export const createWebhookNotifier: typeof createNotifier = (...args) => {
  const notifier = createNotifier(...args);
  return { send: (message) => atPoint('tell', message.reason, () => notifier.send(message)) };
};
