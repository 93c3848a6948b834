/** The message of whatever was thrown; that of its cause where there is one, since `fetch failed` says nothing. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}
