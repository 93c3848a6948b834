import { ApiError } from '../apis/api-error.ts';

/** The message of whatever was thrown; that of its cause where there is one, since `fetch failed` says nothing. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof ApiError) return error.message;
  return error.cause instanceof Error ? error.cause.message : error.message;
}
