import { missingFrom, type BodyExpectation } from './body-expectation.ts';
import { exchange, type Answer, type Exchange, type Phases, type TlsState } from './http-exchange.ts';

/** What a page must be like to count as up. */
export interface HttpExpectation extends BodyExpectation {
  /** Status codes that count as up; 2xx where none are given. */
  readonly status?: readonly number[] | undefined;
}

/** What became of a probe. */
export interface ProbeResult {
  /** Why it failed, for people; undefined where it did not. */
  readonly fault: string | undefined;
  /** The last answer; undefined where none came. */
  readonly last: Answer | undefined;
  readonly redirects: number;
  /** Whether the redirects left the site: another name than the one asked for, "www." aside. */
  readonly isAway: boolean;
  /** The phases of all requests together. */
  readonly phases: Phases;
  /** Of all requests together: the last version, the first fault, the earliest expiry. */
  readonly tls: TlsState | undefined;
  /** Whether the last answer came over TLS. */
  readonly isLastOverTls: boolean;
  readonly ipVersion: 4 | 6 | undefined;
  readonly isBodyMissing: boolean;
}

const MAX_REDIRECTS = 10;
/** A longer page is a failure: it would cost more memory than a probe is worth. */
const MAX_BODY_BYTES = 10 * 1024 * 1024;

/** Asks for a page as a visitor would, following redirects. Never rejects: what went wrong is the result. */
export async function probeHttp(
  url: URL,
  expectation: HttpExpectation,
  signal: AbortSignal,
): Promise<ProbeResult> {
  const exchanges: Exchange[] = [];
  let fault: string | undefined;
  let next: URL | undefined = url;
  let at = url;
  while (next !== undefined && fault === undefined) {
    if (exchanges.length > MAX_REDIRECTS) {
      fault = `more than ${MAX_REDIRECTS} redirects`;
      break;
    }
    at = next;
    const current = await exchange(at, MAX_BODY_BYTES, signal);
    exchanges.push(current);
    ({ next, fault } = afterwards(current, at));
  }
  const { answer, tls, ipVersion } = exchanges.at(-1) ?? {};
  const missing =
    fault === undefined && answer !== undefined ? missingFrom(answer.body, expectation) : undefined;
  const allTls = joinedTls(exchanges);
  return {
    fault: fault ?? faultOf(answer, allTls, expectation) ?? missing,
    last: answer,
    redirects: exchanges.length - 1,
    isAway: siteOf(at) !== siteOf(url),
    phases: joinedPhases(exchanges),
    tls: allTls,
    isLastOverTls: tls !== undefined,
    ipVersion,
    isBodyMissing: missing !== undefined,
  };
}

function siteOf({ hostname }: URL): string {
  return hostname.replace(/^www\./, '');
}

function afterwards(current: Exchange, at: URL): { next: URL | undefined; fault: string | undefined } {
  if (current.fault !== undefined || current.answer === undefined) {
    return { next: undefined, fault: current.fault ?? 'no answer' };
  }
  const { status, headers } = current.answer;
  if (![301, 302, 303, 307, 308].includes(status) || headers.location === undefined) {
    return { next: undefined, fault: undefined };
  }
  const url = URL.parse(headers.location, at.href);
  // Another scheme than http and https is no place to go.
  const isPossible = url !== null && /^https?:$/.test(url.protocol);
  return isPossible
    ? { next: url, fault: undefined }
    : { next: undefined, fault: 'a redirect to an address that is not http' };
}

function joinedPhases(exchanges: readonly Exchange[]): Phases {
  const sum: Phases = { resolve: 0, connect: 0, tls: 0, processing: 0, transfer: 0 };
  for (const { phases } of exchanges) {
    for (const phase of Object.keys(sum) as (keyof Phases)[]) sum[phase] += phases[phase];
  }
  return sum;
}

function joinedTls(exchanges: readonly Exchange[]): TlsState | undefined {
  const states = exchanges.map(({ tls }) => tls).filter((state) => state !== undefined);
  const last = states.at(-1);
  return (
    last && {
      version: last.version,
      fault: states.find(({ fault }) => fault !== undefined)?.fault,
      earliestExpirySeconds: Math.min(...states.map(({ earliestExpirySeconds }) => earliestExpirySeconds)),
    }
  );
}

function faultOf(
  answer: Answer | undefined,
  tls: TlsState | undefined,
  { status }: HttpExpectation,
): string | undefined {
  if (answer === undefined) return 'no answer';
  if (tls?.fault !== undefined) return `the certificate is not valid: ${tls.fault}`;
  const isExpected = status?.includes(answer.status) ?? (answer.status >= 200 && answer.status < 300);
  if (!isExpected) return `status ${answer.status}`;
  return answer.isTruncated ? 'the page is longer than 10 MiB' : undefined;
}
