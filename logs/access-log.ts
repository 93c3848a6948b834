import type { RequestEvent } from './log-event.ts';
import { timeOf } from './message-text.ts';

/** The combined format, with the name of the virtual host before it or not. Each part has an end: what sends requests also writes this. */
const LINE =
  /^\S{1,255} [^["]{0,255}\[(\d\d)\/(\w{3})\/(\d{4}):(\d\d:\d\d:\d\d) ([+-]\d{4})\] "((?:[^"\\]|\\.){0,16384})" (\d{3}) (?:\d+|-)/;
const QUOTED = /"(?:[^"\\]|\\.)*"/g;
/** nginx's $request_time: seconds with milliseconds. */
const SECONDS = /(?:^|[ =,])"?(\d{1,6}\.\d{3})"?(?=[ ,]|$)/;
/** Apache's %D: whole microseconds, as the last word. */
const MICROSECONDS = /(?:^|[ =])"?(\d{1,12})"?$/;
const METHOD = /^[A-Z]{1,20}$/;
/** A picture, a style sheet and the like. */
const FILE = /\.(?!php$)[a-z][a-z\d]{1,4}$/i;

/** What Steward says to be when it asks a site for something. */
export const OWN_AGENT = 'Steward';

/**
 * Reads one line of an access log of nginx or Apache in the combined format. How long the request took is read where it stands
 * after the rest: nginx's $request_time in seconds, Apache's %D in microseconds. Returns nothing for what is no such line.
 */
export function parseAccess(server: 'nginx' | 'apache', [line = '']: readonly string[]): RequestEvent[] {
  const match = LINE.exec(line);
  if (match === null) return [];
  const [whole, day, month, year, clock, zone, request = '', status] = match;
  const [method = '', path = ''] = request.split(' ');
  return [
    {
      kind: 'request',
      ...timeOf(`${day ?? ''} ${month ?? ''} ${year ?? ''} ${clock ?? ''} ${zone ?? ''}`),
      method: METHOD.test(method) ? method : '',
      path: METHOD.test(method) ? path : '',
      status: Number(status),
      ...endOf(server, line.slice(whole.length)),
    },
  ];
}

function endOf(
  server: 'nginx' | 'apache',
  afterStatus: string,
): Pick<RequestEvent, 'agent' | 'durationSeconds'> {
  const [referrer, agent] = afterStatus.matchAll(QUOTED);
  const last = agent ?? referrer;
  // Referrer and user agent are what the visitor says: no duration is read from them.
  const rest = last === undefined ? afterStatus : afterStatus.slice(last.index + last[0].length);
  return { agent: agent?.[0].slice(1, -1) ?? '', ...durationOf(server, rest) };
}

function durationOf(server: 'nginx' | 'apache', rest: string): { durationSeconds?: number } {
  const seconds = SECONDS.exec(rest)?.[1];
  if (seconds !== undefined) return { durationSeconds: Number(seconds) };
  const microseconds = server === 'apache' ? MICROSECONDS.exec(rest)?.[1] : undefined;
  return microseconds === undefined ? {} : { durationSeconds: Number(microseconds) / 1e6 };
}

/** Whether a request is a login to WordPress that failed: it is answered with the form again, a login that succeeds with a redirect. */
export function isFailedLogin({ method, path, status }: RequestEvent): boolean {
  if (method !== 'POST' || (status >= 300 && status < 400) || status >= 500) return false;
  const [file = '', query = ''] = path.split('?');
  return file.endsWith('/wp-login.php') && !/(?:^|&)action=(?!login(?:&|$))/.test(query);
}

/** Whether a request is for WordPress's XML-RPC, of which most are guesses at passwords. */
export function isXmlRpc({ path }: RequestEvent): boolean {
  return path.split('?')[0]?.endsWith('/xmlrpc.php') === true;
}

/**
 * Whether somebody asks for a page. Files are left out, and so are Steward and WordPress's cron, which ask whether or not a visitor
 * reaches the site.
 */
export function isVisit({ path, agent }: RequestEvent): boolean {
  const [page = ''] = path.split('?');
  return page !== '' && !FILE.test(page) && !page.endsWith('/wp-cron.php') && agent !== OWN_AGENT;
}
