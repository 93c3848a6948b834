/** Why an API could not be asked, or said no. */
export type ApiErrorReason = 'timeout' | 'unreachable' | 'login' | 'refused' | 'bad_answer';

/** A request to an API that failed, with a reason from the closed list. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  readonly reason: ApiErrorReason;

  constructor(reason: ApiErrorReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}
