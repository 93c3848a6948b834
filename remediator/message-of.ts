import { ApiError } from '../apis/api-error.ts';
import { withoutSecrets } from '../inventory/without-secrets.ts';

/**
 * The message of whatever was thrown; that of its cause where there is one, since `fetch failed` says nothing. What a peer answered may stand in it, and a
 * peer may answer with what it was sent: what looks like a secret is left out.
 */
export function messageOf(error: unknown): string {
  return withoutSecrets(wordsOf(error));
}

function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof ApiError) return error.message;
  return error.cause instanceof Error ? error.cause.message : error.message;
}
