import { createContext, runInContext } from 'node:vm';
import { compileRe2Search } from '../../inventory/promql/re2.ts';

/** What must stand on a page. */
export interface BodyExpectation {
  /** A text that the page must contain. */
  readonly body?: string | undefined;
  /** A regular expression in the syntax of RE2 that must match somewhere on the page. */
  readonly body_regexp?: string | undefined;
}

/** JavaScript's engine goes back and forth, for ever with an unlucky expression; nothing else runs meanwhile. */
const MATCH_TIMEOUT_MS = 100;

/** Says what of the expected is not on the page, for people; undefined where all is. */
export function missingFrom(body: Buffer, expectation: BodyExpectation): string | undefined {
  const { body: text, body_regexp: expression } = expectation;
  if (text !== undefined && !body.includes(text)) return 'the expected text is not on the page';
  return expression === undefined ? undefined : missingMatch(body.toString(), expression);
}

function missingMatch(text: string, expression: string): string | undefined {
  const context = createContext({ expression: compileRe2Search(expression), text });
  try {
    const isFound: unknown = runInContext('expression.test(text)', context, { timeout: MATCH_TIMEOUT_MS });
    return isFound === true ? undefined : 'the expected expression does not match the page';
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_SCRIPT_EXECUTION_TIMEOUT') throw error;
    return `the expected expression takes longer than ${MATCH_TIMEOUT_MS} ms on this page`;
  }
}
