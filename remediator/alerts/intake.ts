import { json, type NextFunction, type Request, type RequestHandler, type Response } from 'express';
import type { Logger } from 'pino';
import { isBearerAuthorized } from '../../inventory/authorization.ts';
import type { Secret } from '../../inventory/secret.ts';
import { DeliveryError, isOfFuture, parseDelivery, type Delivery } from './alert.ts';
import { messageOf } from '../message-of.ts';
import type { WebhookResult } from '../metrics/intake-counters.ts';
import type { RemediatorMetrics } from '../metrics/metrics.ts';
import type { Journal } from '../store/journal.ts';

/** What accepting alerts needs. */
export interface IntakeOptions {
  readonly journal: Journal;
  readonly metrics: RemediatorMetrics;
  readonly log: Logger;
  readonly readToken: () => Promise<Secret>;
  /** Hears of each run that is to be looked at, after the answer was sent. */
  readonly onAccepted: (runId: string) => void;
}

/** Alertmanager sends this receiver one alert at a time; a thousand with long labels fit. */
const BODY_LIMIT = '1mb';

/**
 * Makes the handlers of POST /webhook: the token is asked for before the body is read; what is valid is committed, and only
 * then answered with 202. Alertmanager repeats what gets a 5xx, and nothing else.
 */
export function webhookHandlers(options: IntakeOptions): RequestHandler[] {
  return [
    (request, response, next) => authorize(options, request, response, next),
    (request, response, next) => readBody(options, request, response, next),
    (request, response) => accept(options, request, response),
  ];
}

async function authorize(
  { readToken, metrics, log }: IntakeOptions,
  request: Request,
  response: Response,
  next: NextFunction,
): Promise<void> {
  const token = await readToken().catch((error: unknown) =>
    log.error({ error: messageOf(error) }, 'no webhook token'),
  );
  if (token === undefined) {
    answer(metrics, response, 503, 'not_stored', 'the webhook token cannot be read');
    return;
  }
  if (isBearerAuthorized(request.headers.authorization, token)) {
    next();
    return;
  }
  answer(metrics, response, 401, 'unauthorized', 'the bearer token is missing or wrong');
}

const parseJson: RequestHandler = json({ limit: BODY_LIMIT, type: () => true });

function readBody(
  { metrics }: IntakeOptions,
  request: Request,
  response: Response,
  next: NextFunction,
): void {
  parseJson(request, response, (error?: unknown) => {
    if (error === undefined) {
      next();
      return;
    }
    const isTooLarge =
      typeof error === 'object' && error !== null && 'status' in error && error.status === 413;
    if (isTooLarge) answer(metrics, response, 413, 'too_large', 'the body is longer than 1 MiB');
    else answer(metrics, response, 400, 'malformed', `the body is not JSON: ${messageOf(error)}`);
  });
}

async function accept(options: IntakeOptions, request: Request, response: Response): Promise<void> {
  const { journal, metrics, log, onAccepted } = options;
  const delivery = readDelivery(request.body);
  if (delivery instanceof DeliveryError) {
    answer(metrics, response, 400, 'malformed', delivery.message);
    return;
  }
  const now = new Date();
  const alerts = delivery.alerts.filter((alert) => !isOfFuture(alert, now.getTime()));
  let runIds: readonly string[];
  try {
    runIds = await journal.accept(alerts, now);
  } catch (error) {
    log.error(
      { error: messageOf(error) },
      'alerts could not be written to the journal; Alertmanager repeats them',
    );
    answer(metrics, response, 503, 'not_stored', `the journal cannot be written: ${messageOf(error)}`);
    return;
  }
  metrics.countAlerts(alerts.length);
  metrics.countTruncated(delivery.truncatedAlerts);
  if (alerts.length === delivery.alerts.length) answer(metrics, response, 202, 'accepted', 'accepted');
  else refuseFuture(options, response, delivery.alerts.length - alerts.length);
  if (delivery.truncatedAlerts > 0) {
    const text = 'Alertmanager left alerts out of a webhook: take max_alerts away from the receiver';
    log.error({ count: delivery.truncatedAlerts }, text);
  }
  for (const runId of runIds) onAccepted(runId);
}

/** The others of the delivery are stored; Alertmanager counts it as failed, and tells its operator. */
function refuseFuture({ metrics, log }: IntakeOptions, response: Response, count: number): void {
  const text =
    'alerts begin more than 5 minutes in the future: set the clocks of Prometheus and this machine';
  log.error({ count }, text);
  answer(metrics, response, 400, 'malformed', `${count} ${text}`);
}

function readDelivery(body: unknown): Delivery | DeliveryError {
  try {
    return parseDelivery(body);
  } catch (error) {
    if (error instanceof DeliveryError) return error;
    throw error;
  }
}

function answer(
  metrics: RemediatorMetrics,
  response: Response,
  status: number,
  result: WebhookResult,
  text: string,
): void {
  metrics.countWebhook(result);
  response.status(status).type('text').send(`${text}\n`);
}
