/** What people write may hold what is no text to PostgreSQL: a NUL, or half of a pair. */
export function postgresText(value: string): string {
  return value.toWellFormed().replaceAll('\0', '\uFFFD');
}
