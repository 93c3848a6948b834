/** Whether what steward.yml says of the journal is the address of a PostgreSQL database, and not a file. */
export function isPostgresAddress(journal: string): boolean {
  return /^postgres(?:ql)?:/.test(journal);
}

/** Whether an address names a server and a database, and holds no password: steward.yml is read by many. */
export function isPlainPostgresAddress(journal: string): boolean {
  const address = URL.parse(journal);
  return (
    address !== null &&
    address.host !== '' &&
    address.pathname.length > 1 &&
    address.password === '' &&
    !address.searchParams.has('password')
  );
}
