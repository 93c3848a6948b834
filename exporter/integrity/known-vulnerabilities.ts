import { z } from 'zod';
import { fetchJson } from '../clients/fetch-json.ts';
import { CollectorError } from '../collector-error.ts';
import { compareVersions } from './version-compare.ts';

/** What can be installed in WordPress. */
export type ExtensionKind = 'plugin' | 'theme';

/** What is known of the vulnerabilities of plugins and themes. */
export interface KnownVulnerabilities {
  /**
   * How many are known of a version; undefined where the plugin or theme itself is not known, as those are that are not public. Rejects with a
   * CollectorError.
   */
  count(kind: ExtensionKind, slug: string, version: string, signal: AbortSignal): Promise<number | undefined>;
}

const OPERATORS = ['lt', 'le', 'gt', 'ge', 'eq', 'ne'] as const;
const operator = z.enum(OPERATORS).nullish();
/**
 * The answer of the WPVulnerability database (https://vulnerability.wpsysadmin.com/), of which only the versions are looked at. Without a name it does not
 * know the plugin; without a list it knows no vulnerability of it.
 */
const answerSchema = z.object({
  error: z.literal(0),
  data: z.object({
    name: z.string().nullable(),
    vulnerability: z
      .array(
        z.object({
          operator: z.object({
            min_version: z.string().max(100).nullish(),
            min_operator: operator,
            max_version: z.string().max(100).nullish(),
            max_operator: operator,
          }),
        }),
      )
      .nullable(),
  }),
});

type Range = z.output<typeof answerSchema>['data']['vulnerability'] extends (infer One)[] | null
  ? One extends { operator: infer Found }
    ? Found
    : never
  : never;

interface Kept {
  readonly askedAtMs: number;
  /** Undefined where it is not known. */
  readonly ranges: readonly Range[] | undefined;
}

const TIMEOUT_MS = 15_000;
/** The same plugin is in many sites: it is asked for once a day. */
const KEPT_FOR_MS = 20 * 60 * 60 * 1000;

/** Asks a database of vulnerabilities at that address, and keeps its answers for most of a day. */
export function createKnownVulnerabilities(
  address: () => string | undefined,
  now: () => number = Date.now,
): KnownVulnerabilities {
  const kept = new Map<string, Kept>();
  return {
    async count(kind, slug, version, signal) {
      const base = address();
      if (base === undefined) return undefined;
      const url = new URL(`${base.replace(/\/+$/, '')}/${kind}/${encodeURIComponent(slug)}/`);
      const known = kept.get(url.href);
      const isFresh = known !== undefined && now() - known.askedAtMs < KEPT_FOR_MS;
      const ranges = isFresh ? known.ranges : await ask(url, signal);
      if (!isFresh) kept.set(url.href, { askedAtMs: now(), ranges });
      return ranges?.filter((range) => isIn(version, range)).length;
    },
  };
}

async function ask(url: URL, signal: AbortSignal): Promise<readonly Range[] | undefined> {
  const { status, body } = await fetchJson(url, {
    signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    headers: { accept: 'application/json', 'user-agent': 'Steward' },
  });
  if (status === 404) return undefined;
  const parsed = answerSchema.safeParse(body);
  if (status !== 200 || !parsed.success)
    throw new CollectorError(
      'bad_answer',
      `${url.host} answered about ${url.pathname} with status ${status}, and not as it should`,
    );
  const { name, vulnerability } = parsed.data.data;
  return name === null ? undefined : (vulnerability ?? []).map((each) => each.operator);
}

/** An end that is not given is open. */
function isIn(
  version: string,
  { min_version: min, min_operator, max_version: max, max_operator }: Range,
): boolean {
  return (
    (isOpen(min) || holds(version, min_operator ?? 'ge', min)) &&
    (isOpen(max) || holds(version, max_operator ?? 'le', max))
  );
}

function isOpen(end: string | null | undefined): end is null | undefined | '' {
  return end === null || end === undefined || end === '';
}

function holds(version: string, by: (typeof OPERATORS)[number], end: string): boolean {
  const order = compareVersions(version, end);
  const holdsBy = {
    lt: order < 0,
    le: order <= 0,
    gt: order > 0,
    ge: order >= 0,
    eq: order === 0,
    ne: order !== 0,
  };
  return holdsBy[by];
}
