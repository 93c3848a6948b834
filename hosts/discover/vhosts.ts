/** What a web server's configuration says of one site. Values are as they stand there: they may hold variables. */
export interface VirtualHost {
  readonly names: readonly string[];
  readonly root: string;
  readonly hasTls: boolean;
  readonly accessLog: string | undefined;
  readonly errorLog: string | undefined;
  /** Where PHP is passed to. */
  readonly php: string | undefined;
}

interface Draft {
  names: string[];
  root: string | undefined;
  hasTls: boolean;
  accessLog: string | undefined;
  errorLog: string | undefined;
  php: string | undefined;
}

const newDraft = (): Draft => ({
  names: [],
  root: undefined,
  hasTls: false,
  accessLog: undefined,
  errorLog: undefined,
  php: undefined,
});

/** Reads the lines of nginx, in which braces stand alone. A server without a root is left out: it shows no files. */
export function nginxHosts(lines: string): VirtualHost[] {
  const drafts: Draft[] = [];
  let depth = 0;
  let serverDepth: number | undefined;
  let isOpening = false;
  for (const line of lines.split('\n').map((text) => text.trim())) {
    if (line === '{') {
      depth += 1;
      if (isOpening) {
        serverDepth = depth;
        drafts.push(newDraft());
      }
    } else if (line === '}') {
      if (depth === serverDepth) serverDepth = undefined;
      depth -= 1;
    }
    isOpening = line === 'server';
    const draft = drafts.at(-1);
    if (serverDepth !== undefined && draft !== undefined) noteNginx(draft, wordsOf(line));
  }
  return drafts.flatMap(finished);
}

function noteNginx(draft: Draft, [directive, ...values]: readonly string[]): void {
  const [first] = values;
  if (directive === 'server_name') draft.names.push(...values);
  if (directive === 'root') draft.root ??= first;
  if (directive === 'listen') draft.hasTls ||= values.includes('ssl') || /(?:^|:)443$/.test(first ?? '');
  if (directive === 'access_log') draft.accessLog ??= first;
  if (directive === 'error_log') draft.errorLog ??= first;
  if (directive === 'fastcgi_pass') draft.php ??= first;
}

/** Where Debian and Red Hat have the logs of Apache: its configuration names the folder by a variable, or leaves it out. */
const APACHE_LOGS = '/var/log/apache2';

/** Reads the lines of Apache. */
export function apacheHosts(lines: string): VirtualHost[] {
  const drafts: Draft[] = [];
  let isInside = false;
  for (const line of lines.split('\n').map((text) => text.trim())) {
    const opening = /^<VirtualHost\s+([^>]*)>/i.exec(line);
    if (opening !== null) drafts.push({ ...newDraft(), hasTls: /:443(?:\s|$)/.test(opening[1] ?? '') });
    isInside = opening !== null || (isInside && !/^<\/VirtualHost/i.test(line));
    const draft = drafts.at(-1);
    if (isInside && draft !== undefined) noteApache(draft, wordsOf(line));
  }
  return drafts.flatMap(finished);
}

function noteApache(draft: Draft, [directive = '', first]: readonly string[]): void {
  const log = first?.replace('${APACHE_LOG_DIR}', APACHE_LOGS);
  switch (directive.toLowerCase()) {
    case 'servername':
      if (first !== undefined) draft.names.push(first);
      break;
    case 'documentroot':
      draft.root ??= first;
      break;
    case 'customlog':
      draft.accessLog ??= log;
      break;
    case 'errorlog':
      draft.errorLog ??= log;
      break;
  }
}

function finished({ root, ...draft }: Draft): VirtualHost[] {
  return root === undefined ? [] : [{ ...draft, root: root.replace(/(?<=.)\/+$/, '') }];
}

/** The words of a line; a quoted one may hold blanks. */
function wordsOf(line: string): string[] {
  return [...line.matchAll(/"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|(\S+)/g)].map(
    ([, double, single, plain]) => plain ?? (double ?? single ?? '').replace(/\\(.)/g, '$1'),
  );
}
