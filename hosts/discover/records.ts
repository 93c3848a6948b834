/** The kinds of records that discover.sh prints, each with the names of its fields. */
const FIELDS = {
  system: ['name', 'account', 'uid'],
  service: ['manager', 'name'],
  container: ['id', 'name', 'image', 'ports'],
  configuration: ['kind', 'file', 'lines'],
  log: ['file'],
  site: ['path', 'owner', 'group', 'version', 'url'],
  unfinished: ['folder'],
  bot: ['cgroup', 'enabled', 'address', 'port', 'username', 'logFile'],
} as const;

type Kind = keyof typeof FIELDS;
/** A record of one kind. All of it was written by the host, so none of it is to be believed. */
export type DiscoveryRecord<Name extends Kind> = Readonly<Record<(typeof FIELDS)[Name][number], string>>;
/** All records by kind, in the order in which they were printed. */
export type DiscoveryRecords = { readonly [Name in Kind]: readonly DiscoveryRecord<Name>[] } & {
  /** Whether the script came to its end, and nothing was left out here. */
  readonly isWhole: boolean;
};

/** What stands before the first record; before it may stand what the login prints. */
const OPENING = 'steward-discovery\u00001\u0000';
/** A host with more of one kind is shown as not whole: nobody reads through more. */
const MOST_OF_A_KIND = 100;
/** No path is longer, and no configuration was sent with more. */
const LONGEST_FIELD = 16_384;

/** Reads what discover.sh printed; undefined where it is something else. Stops at the first field that is out of place. */
export function readRecords(output: Buffer): DiscoveryRecords | undefined {
  const text = output.toString('utf8');
  const start = text.indexOf(OPENING);
  if (start === -1) return undefined;
  const words = text.slice(start + OPENING.length).split('\0');
  const records: Record<Kind, Record<string, string>[]> = {
    system: [],
    service: [],
    container: [],
    configuration: [],
    log: [],
    site: [],
    unfinished: [],
    bot: [],
  };
  let isWhole = true;
  let at = 0;
  // What stands behind the last NUL is cut off, or nothing.
  while (at < words.length - 1 && isKind(words[at])) {
    const kind = words[at] as Kind;
    const fields = FIELDS[kind];
    const values = words.slice(at + 1, at + 1 + fields.length);
    if (at + values.length >= words.length - 1) break;
    at += 1 + fields.length;
    if (records[kind].length === MOST_OF_A_KIND || values.some(({ length }) => length > LONGEST_FIELD))
      isWhole = false;
    else records[kind].push(Object.fromEntries(fields.map((name, index) => [name, values[index] ?? ''])));
  }
  return { ...(records as unknown as DiscoveryRecords), isWhole: isWhole && words[at] === 'end' };
}

function isKind(word: string | undefined): boolean {
  return word !== undefined && Object.hasOwn(FIELDS, word);
}
