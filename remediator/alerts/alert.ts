import { z } from 'zod';

/** One alert as it was delivered, whoever sent it. Its labels are lookups and never part of a command. */
export interface Alert {
  /** Alertmanager's hash of the labels. */
  readonly fingerprint: string;
  readonly status: 'firing' | 'resolved';
  readonly labels: Readonly<Record<string, string>>;
  /** When it began, in UTC to the millisecond, whatever time zone its sender is in: with the fingerprint it names the episode. */
  readonly startsAt: string;
}

/** What a webhook of Alertmanager carried. */
export interface Delivery {
  readonly alerts: readonly Alert[];
  /** How many alerts of the group were left out. */
  readonly truncatedAlerts: number;
}

/** Clocks that are kept run apart by less. */
const AHEAD_MS = 5 * 60_000;

/** Whether an alert says that it began later than it may be by the clock of its sender: as a newer episode it would end the true one. */
export function isOfFuture({ startsAt }: Alert, nowMs: number): boolean {
  return Date.parse(startsAt) - nowMs > AHEAD_MS;
}

/** A body that is not a webhook of Alertmanager. The message says why. */
export class DeliveryError extends Error {
  override readonly name = 'DeliveryError';
}

const alertSchema = z.object({
  status: z.enum(['firing', 'resolved']),
  labels: z.record(z.string(), z.string()),
  startsAt: z.iso.datetime({ offset: true }).transform((text) => new Date(text).toISOString()),
  fingerprint: z.string().regex(/^[0-9a-f]{1,64}$/),
});

/** Version 4 of Alertmanager's webhook, as its documentation describes it; fields that are not needed are not looked at. */
const deliverySchema = z.object({
  version: z.literal('4'),
  truncatedAlerts: z.int().min(0).default(0),
  alerts: z.array(alertSchema).max(10_000),
});

/** Reads the body of a webhook. Throws a DeliveryError where it is not version 4 of Alertmanager's. */
export function parseDelivery(body: unknown): Delivery {
  const result = deliverySchema.safeParse(body);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const place = issue?.path.join('.') ?? '';
  throw new DeliveryError(`not a webhook of Alertmanager, version 4: ${place}: ${issue?.message ?? ''}`);
}
