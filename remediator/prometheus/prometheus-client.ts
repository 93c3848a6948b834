import { z } from 'zod';
import { messageOf } from '../message-of.ts';

/** One series of an instant query. */
export interface VectorSample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** An alerting rule that Prometheus has loaded. */
export interface AlertingRule {
  readonly name: string;
  readonly query: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** Prometheus could not be asked, or did not answer as it should. Nothing is concluded from that. */
class PrometheusError extends Error {
  override readonly name = 'PrometheusError';
}

/** Asks a Prometheus. Each method rejects with a PrometheusError where it gets no good answer. */
export interface PrometheusClient {
  /** Evaluates a query now. */
  query(promql: string): Promise<readonly VectorSample[]>;
  /** Prometheus's own time, in seconds since the epoch. */
  now(): Promise<number>;
  alertingRules(): Promise<readonly AlertingRule[]>;
}

/** A Prometheus that reads queries, too, without asking them, and tells how it is set up. */
export interface ReadingPrometheus extends PrometheusClient {
  /** What Prometheus itself says against a query, as a text; undefined where it takes it. */
  faultOf(promql: string): Promise<string | undefined>;
  /** How often its targets are scraped, as durations in its own words. */
  scrapeIntervals(): Promise<readonly string[]>;
}

const TIMEOUT_MS = 10_000;

const pair = z.tuple([z.number(), z.string()]);
const labels = z.record(z.string(), z.string());
const queryAnswer = z.object({
  status: z.literal('success'),
  // What a part of a store did not answer to, or a query that is not what it seems: no evidence, whatever the result.
  warnings: z.array(z.string()).default([]),
  // VictoriaMetrics says it so.
  isPartial: z.boolean().default(false),
  data: z.discriminatedUnion('resultType', [
    z.object({ resultType: z.literal('vector'), result: z.array(z.object({ metric: labels, value: pair })) }),
    z.object({ resultType: z.literal('scalar'), result: pair }),
  ]),
});
/** Reads a query without asking it; Prometheus has it since 2.40. */
const FORMAT_PATH = '/api/v1/format_query';
const formatAnswer = z.discriminatedUnion('status', [
  z.object({ status: z.literal('success') }),
  z.object({ status: z.literal('error'), errorType: z.literal('bad_data'), error: z.string() }),
]);
const targetsAnswer = z.object({
  status: z.literal('success'),
  data: z.object({ activeTargets: z.array(z.object({ scrapeInterval: z.string() })) }),
});
const rulesAnswer = z.object({
  status: z.literal('success'),
  data: z.object({
    groups: z.array(
      z.object({
        rules: z.array(
          z.object({ name: z.string(), query: z.string(), labels: labels.default({}), type: z.string() }),
        ),
      }),
    ),
  }),
});

/** Where Prometheus is, and the Authorization header that it wants, if any. */
export interface PrometheusAddress {
  readonly url: string;
  readonly authorization?: string;
}

/**
 * Makes a client; addresses are asked for each time, so that a reload counts. `queriesAddress` is where queries are asked, if not of Prometheus: a store
 * that it writes to. Rules and the time are always Prometheus's own, since its clock is what samples have. With the signal all that is asked is given up.
 */
export function createPrometheusClient(
  address: () => Promise<PrometheusAddress>,
  queriesAddress = address,
  signal?: AbortSignal,
): ReadingPrometheus {
  async function get<Schema extends z.ZodType>(
    where: () => Promise<PrometheusAddress>,
    path: string,
    parameters: Record<string, string>,
    schema: Schema,
  ): Promise<z.output<Schema>> {
    return orPrometheusError(path, async () => {
      const response = await fetchFrom(await where(), path, parameters, signal);
      if (!response.ok)
        throw new Error(`status ${response.status}: ${(await response.text()).slice(0, 200).trim()}`);
      return schema.parse(await response.json());
    });
  }

  async function ask(where: () => Promise<PrometheusAddress>, promql: string): Promise<VectorSample[]> {
    const { data, warnings, isPartial } = await get(where, '/api/v1/query', { query: promql }, queryAnswer);
    const [warning = isPartial ? 'its answer is partial' : undefined] = warnings;
    if (warning !== undefined) throw new PrometheusError(`Prometheus warns of its answer: ${warning}`);
    if (data.resultType === 'scalar') return [{ labels: {}, value: parseValue(data.result[1]) }];
    return data.result.map(({ metric, value }) => ({ labels: metric, value: parseValue(value[1]) }));
  }

  return {
    query: (promql) => ask(queriesAddress, promql),
    faultOf: (promql) =>
      orPrometheusError(FORMAT_PATH, async () => {
        const response = await fetchFrom(await address(), FORMAT_PATH, { query: promql }, signal);
        const answer = formatAnswer.parse(await response.json());
        return answer.status === 'error' ? answer.error : undefined;
      }),
    async scrapeIntervals() {
      const { data } = await get(address, '/api/v1/targets', { state: 'active' }, targetsAnswer);
      return [...new Set(data.activeTargets.map(({ scrapeInterval }) => scrapeInterval))];
    },
    async now() {
      const [sample] = await ask(address, 'time()');
      if (sample === undefined) throw new PrometheusError('Prometheus gave no time');
      return sample.value;
    },
    async alertingRules() {
      const { data } = await get(address, '/api/v1/rules', { type: 'alert' }, rulesAnswer);
      return data.groups.flatMap(({ rules }) => rules.filter(({ type }) => type === 'alerting'));
    },
  };
}

async function fetchFrom(
  { url: base, authorization }: PrometheusAddress,
  path: string,
  parameters: Readonly<Record<string, string>>,
  signal: AbortSignal | undefined,
): Promise<Response> {
  const url = new URL(`${base.replace(/\/$/, '')}${path}`);
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return fetch(url, {
    headers: authorization === undefined ? {} : { authorization },
    signal: AbortSignal.any([AbortSignal.timeout(TIMEOUT_MS), ...(signal === undefined ? [] : [signal])]),
    redirect: 'error',
  });
}

async function orPrometheusError<Value>(path: string, work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (cause) {
    throw new PrometheusError(`Prometheus gave no answer to ${path}: ${messageOf(cause)}`, { cause });
  }
}

/** Prometheus writes `NaN`, `+Inf` and `-Inf`. */
function parseValue(text: string): number {
  if (text === '+Inf') return Infinity;
  return text === '-Inf' ? -Infinity : Number(text);
}
