import { callVerb } from '../../hosts/call-verb.ts';
import { CollectorError, printedBy } from '../collector-error.ts';
import type { SiteTarget } from '../targets/target.ts';
import { readRecords, restOf } from './nul-records.ts';

/** What makes a file suspicious; docs/integrity.md says what each finds and misses. */
export const suspicionRules = [
  'php_in_uploads',
  'php_in_name',
  'php_in_image',
  'hidden_php',
  'hidden_code',
  'handler_in_uploads',
  'link_in_uploads',
] as const;
/** What makes a file suspicious. */
export type SuspicionRule = (typeof suspicionRules)[number];

/** What was found in a site. */
export interface SuspiciousFiles {
  readonly counts: ReadonlyMap<SuspicionRule, number>;
  /** The first of them; paths below the site's folder, or whole where they are elsewhere. */
  readonly files: readonly { readonly rule: SuspicionRule; readonly path: string }[];
}

const TIMEOUT_SECONDS = 310;
/** A thousand findings with paths of 4 KB. */
const LIMIT_BYTES = 5 * 1024 * 1024;

/** Asks a site by the verb `site-suspicious`. Rejects with a CollectorError. */
export async function askSuspiciousFiles(target: SiteTarget, signal: AbortSignal): Promise<SuspiciousFiles> {
  const outcome = await callVerb(target.host, {
    verb: 'site-suspicious',
    slots: [target.id],
    timeoutSeconds: TIMEOUT_SECONDS,
    outputLimitBytes: LIMIT_BYTES,
    signal,
  });
  const counts = new Map<SuspicionRule, number>();
  const files: { rule: SuspicionRule; path: string }[] = [];
  for await (const [kind, rule = '', ...rest] of readRecords(printedBy(outcome))) {
    if (kind === 'file') files.push({ rule: ruleNamed(rule), path: restOf(rest, 0) });
    else if (kind === 'count') counts.set(ruleNamed(rule), numberOf(rest[0]));
    else if (kind !== 'end') throw new CollectorError('bad_answer', `not a record: ${kind.slice(0, 80)}`);
  }
  return { counts, files };
}

function ruleNamed(text: string): SuspicionRule {
  const rule = suspicionRules.find((known) => known === text);
  if (rule === undefined) throw new CollectorError('bad_answer', `no rule: ${text.slice(0, 80)}`);
  return rule;
}

function numberOf(text = ''): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new CollectorError('bad_answer', `no number: ${text.slice(0, 80)}`);
}
