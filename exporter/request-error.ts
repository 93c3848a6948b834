/** What a request asks for that is not there, or not so. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
  readonly status: 400 | 404 | 502 | 503;

  constructor(status: 400 | 404 | 502 | 503, message: string) {
    super(message);
    this.status = status;
  }
}
