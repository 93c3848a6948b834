import { exchange, type Exchange, type Phases, type TlsState } from './http-exchange.ts';

/** What a page must be like to count as up. */
export interface HttpExpectation {
  /** Status codes that count as up; 2xx where none are given. */
  readonly status?: readonly number[] | undefined;
  /** A text that the page must contain. */
  readonly body?: string | undefined;
}

/** What became of a probe. */
export interface ProbeResult {
  readonly isSuccess: boolean;
  /** Why it failed, for people. */
  readonly fault: string | undefined;
  /** The last answer; undefined where none came. */
  readonly last: Exchange | undefined;
  readonly redirects: number;
  /** The phases of all requests together. */
  readonly phases: Phases;
  readonly tls: TlsState | undefined;
  /** Whether the expected text was missing; undefined where none is expected. */
  readonly isBodyMissing: boolean | undefined;
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
  const phases: Phases = { resolve: 0, connect: 0, tls: 0, processing: 0, transfer: 0 };
  let last: Exchange | undefined;
  let redirects = 0;
  let next: URL | undefined = url;
  try {
    while (next !== undefined && redirects <= MAX_REDIRECTS) {
      last = await exchange(next, MAX_BODY_BYTES, signal);
      for (const phase of Object.keys(phases) as (keyof Phases)[]) phases[phase] += last.phases[phase];
      next = redirectOf(last, next);
      if (next !== undefined) redirects += 1;
    }
  } catch (error) {
    const fault = error instanceof Error ? error.message : String(error);
    return { isSuccess: false, fault, last, redirects, phases, tls: last?.tls, isBodyMissing: undefined };
  }
  const isBodyMissing = bodyMissing(last, expectation);
  const fault =
    next === undefined ? faultOf(last, expectation, isBodyMissing) : `more than ${MAX_REDIRECTS} redirects`;
  return { isSuccess: fault === undefined, fault, last, redirects, phases, tls: last?.tls, isBodyMissing };
}

/** Where an answer sends the visitor. Another scheme than http and https is no place to go. */
function redirectOf({ status, headers }: Exchange, from: URL): URL | undefined {
  if (![301, 302, 303, 307, 308].includes(status) || headers.location === undefined) return undefined;
  const url = URL.parse(headers.location, from.href);
  if (url === null || !/^https?:$/.test(url.protocol))
    throw new Error('a redirect to an address that is not http');
  return url;
}

function bodyMissing(last: Exchange | undefined, { body }: HttpExpectation): boolean | undefined {
  return body === undefined || last === undefined ? undefined : !last.body.includes(body);
}

function faultOf(
  last: Exchange | undefined,
  { status }: HttpExpectation,
  isBodyMissing: boolean | undefined,
): string | undefined {
  if (last === undefined) return 'no answer';
  if (last.tls?.fault !== undefined) return `the certificate is not valid: ${last.tls.fault}`;
  const isExpected = status?.includes(last.status) ?? (last.status >= 200 && last.status < 300);
  if (!isExpected) return `status ${last.status}`;
  if (last.isTruncated) return 'the page is longer than 10 MiB';
  return isBodyMissing === true ? 'the expected text is not on the page' : undefined;
}
