import { z } from 'zod';
import { isFailedLogin, isVisit, isXmlRpc } from '../../logs/access-log.ts';
import { freqtradeKindOf } from '../../logs/freqtrade-log.ts';
import type { LogEvent, LogItem, RequestEvent } from '../../logs/log-event.ts';
import type { LogReading } from '../../logs/read-log.ts';

/** The upper ends, in seconds, of the buckets that request durations are counted in; a request is in each that it fits. */
export const durationBucketsSeconds = [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30] as const;

/** So many plugins and themes are counted by name; those that come later are counted together. */
export const FATAL_SLUG_LIMIT = 50;
/** Stands for all names that are not counted by themselves. */
const OTHER = 'other';

const count = z.number().nonnegative();
const counts = z.record(z.string().max(200), count);

/** All that has been counted in one log since it was first watched. It is plain JSON, kept together with the place that was read to. */
export const logCountsSchema = z.strictObject({
  bytes: count,
  linesCut: count,
  linesNotUnderstood: count,
  /** Rotations after which the rest of the old file was not found. */
  lostRotations: count,
  /** By level. */
  events: counts,
  /** By kind and slug, with a blank between them. */
  fatals: counts,
  /** By class of the status, such as 2xx. */
  requests: counts,
  /** States of before this was counted have none. */
  visits: count.default(0),
  loginFailures: count,
  xmlRpc: count,
  timedRequests: count,
  durationSeconds: count,
  /** By the upper end of the bucket. */
  durationBuckets: counts,
  slowRequests: count,
  /** By kind of freqtrade's message. */
  messages: counts,
});

/** All that has been counted in one log. */
export type LogCounts = z.output<typeof logCountsSchema>;

/** Nothing has been counted. */
export function noCounts(): LogCounts {
  return {
    bytes: 0,
    linesCut: 0,
    linesNotUnderstood: 0,
    lostRotations: 0,
    events: {},
    fatals: {},
    requests: {},
    visits: 0,
    loginFailures: 0,
    xmlRpc: 0,
    timedRequests: 0,
    durationSeconds: 0,
    durationBuckets: {},
    slowRequests: 0,
    messages: {},
  };
}

/** Adds what a piece of a log gave. */
export function countReading(into: LogCounts, { items, cut, dropped }: LogReading): void {
  into.linesCut += cut;
  into.linesNotUnderstood += dropped;
  for (const item of items) countItem(into, item);
}

function countItem(into: LogCounts, item: LogItem): void {
  if (item.kind === 'request') countRequest(into, item);
  else countEvent(into, item);
}

function countEvent(into: LogCounts, event: LogEvent): void {
  add(into.events, event.level);
  if (event.level === 'fatal') countFatal(into.fatals, event);
  if (event.source === 'php-fpm-slow') into.slowRequests += 1;
  if (event.source === 'freqtrade') add(into.messages, freqtradeKindOf(event));
}

/** A name that an attacker makes up must not push the others out, so the first ones stay. */
function countFatal(into: Record<string, number>, { attribution: { kind, slug } }: LogEvent): void {
  const key = `${kind} ${slug}`;
  const isNamed = Object.hasOwn(into, key) || Object.keys(into).length < FATAL_SLUG_LIMIT;
  add(into, isNamed ? key : `${kind} ${OTHER}`);
}

function countRequest(into: LogCounts, request: RequestEvent): void {
  add(into.requests, `${Math.floor(request.status / 100)}xx`);
  if (isVisit(request)) into.visits += 1;
  if (isFailedLogin(request)) into.loginFailures += 1;
  if (isXmlRpc(request)) into.xmlRpc += 1;
  const { durationSeconds } = request;
  if (durationSeconds === undefined) return;
  into.timedRequests += 1;
  into.durationSeconds += durationSeconds;
  for (const bucket of durationBucketsSeconds) {
    if (durationSeconds <= bucket) add(into.durationBuckets, String(bucket));
  }
}

function add(into: Record<string, number>, key: string): void {
  into[key] = (into[key] ?? 0) + 1;
}
