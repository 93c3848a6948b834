import { withoutSecrets } from '../inventory/without-secrets.ts';
import { CollectorError, type CollectorErrorReason } from './collector-error.ts';

/** Why a collector gave nothing, for metrics and for people. */
export interface Failure {
  readonly reason: CollectorErrorReason;
  /** One line, without control characters and without what looks like a secret. */
  readonly message: string;
}

const MESSAGE_LIMIT = 300;

/** Says of an error what may be shown to everyone who can reach the exporter. */
export function failureOf(error: unknown): Failure {
  return {
    reason: error instanceof CollectorError ? error.reason : 'internal',
    message: shownMessage(messageOf(error)),
  };
}

/** What an error says, whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

const LINE_BREAK = /[\n\r\u0085\u2028\u2029]/;
/** What a host says is hostile, and a trace of a program may name what it was called with: only the first line is shown. */
function shownMessage(message: string): string {
  const line = message.trimStart().split(LINE_BREAK, 1)[0] ?? '';
  const shown = withoutSecrets(line.slice(0, 10 * MESSAGE_LIMIT));
  return shown.length > MESSAGE_LIMIT ? `${shown.slice(0, MESSAGE_LIMIT).toWellFormed()}…` : shown;
}
