import { request as httpRequest } from 'node:http';
import { request as httpsRequest, type RequestOptions } from 'node:https';
import type { TLSSocket } from 'node:tls';

/** An answer with the certificate of who gave it. */
export interface WebAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  /** Serial number of the server's certificate; undefined over plain HTTP. */
  readonly serial: string | undefined;
  /** Whether the session of an earlier connection was taken up again. */
  readonly isResumed: boolean;
  /** The port that it was asked from, which tells connections apart. */
  readonly port: number | undefined;
}

/** Asks over a connection of its own, unless there is an agent. Rejects where there is no answer. */
export function ask(url: string, options: RequestOptions = {}): Promise<WebAnswer> {
  const request = url.startsWith('https:') ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const asked = request(url, { agent: false, ...options }, (response) => {
      const { socket } = response;
      const tls = 'isSessionReused' in socket ? (socket as TLSSocket) : undefined;
      const serial = tls?.getPeerX509Certificate()?.serialNumber;
      const isResumed = tls?.isSessionReused() === true;
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => (text += part));
      response.on('error', reject);
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text,
          serial,
          isResumed,
          port: socket.localPort,
        }),
      );
    });
    asked.on('error', reject);
    asked.end();
  });
}

/** The Authorization header of a user and password. */
export function basic(user: string, password: string): { authorization: string } {
  return { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` };
}
