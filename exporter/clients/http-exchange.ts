import { request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Socket } from 'node:net';
import { TLSSocket, type DetailedPeerCertificate } from 'node:tls';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import type { Readable } from 'node:stream';

/** The phases of a request, in seconds, with the names that blackbox_exporter gives them. */
export interface Phases {
  resolve: number;
  connect: number;
  tls: number;
  processing: number;
  transfer: number;
}

/** What the TLS handshake showed, also of a chain that is not valid. */
export interface TlsState {
  readonly version: string;
  /** Why the chain is not trusted; undefined where it is. */
  readonly fault: string | undefined;
  /** When the first certificate of the chain ends, in seconds since the epoch. */
  readonly earliestExpirySeconds: number;
}

/** One request and its answer. */
export interface Exchange {
  readonly status: number;
  readonly httpVersion: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
  /** Bytes of the body as they came, before decompression. */
  readonly transferredBytes: number;
  /** Whether the body was longer than was read. */
  readonly isTruncated: boolean;
  readonly phases: Phases;
  readonly tls: TlsState | undefined;
  readonly ipVersion: 4 | 6;
}

/** Marks when each phase ended. */
class Stopwatch {
  readonly phases: Phases = { resolve: 0, connect: 0, tls: 0, processing: 0, transfer: 0 };
  #last = performance.now();

  end(phase: keyof Phases): void {
    const now = performance.now();
    this.phases[phase] = (now - this.#last) / 1000;
    this.#last = now;
  }
}

/**
 * Sends one GET on a connection of its own and reads the answer, at most so many bytes of its body. A certificate that is not valid
 * does not end it: what is wrong is in the result. Rejects where no answer came.
 */
export async function exchange(url: URL, maxBodyBytes: number, signal: AbortSignal): Promise<Exchange> {
  const watch = new Stopwatch();
  const request = send(url, signal);
  let tls: TlsState | undefined;
  request.once('socket', (socket) => {
    followSocket(socket, watch, (state) => {
      tls = state;
    });
  });
  const response = await responseTo(request);
  watch.end('processing');
  const ipVersion = response.socket.remoteFamily === 'IPv6' ? 6 : 4;
  const { body, transferredBytes, isTruncated } = await readBody(response, maxBodyBytes);
  watch.end('transfer');
  request.destroy();
  return {
    status: response.statusCode ?? 0,
    httpVersion: response.httpVersion,
    headers: response.headers,
    body,
    transferredBytes,
    isTruncated,
    phases: watch.phases,
    tls,
    ipVersion,
  };
}

function send(url: URL, signal: AbortSignal): ClientRequest {
  const start = url.protocol === 'https:' ? httpsRequest : httpRequest;
  const request = start(url, {
    agent: false,
    signal,
    // Judged by ourselves: the expiry of a chain that has expired is what the operator wants to see.
    rejectUnauthorized: false,
    headers: { 'user-agent': 'Steward', accept: '*/*', 'accept-encoding': 'gzip, deflate, br' },
  });
  request.end();
  return request;
}

function followSocket(socket: Socket, watch: Stopwatch, onTls: (state: TlsState) => void): void {
  socket.once('lookup', () => watch.end('resolve'));
  socket.once('connect', () => watch.end('connect'));
  socket.once('secureConnect', () => {
    watch.end('tls');
    if (socket instanceof TLSSocket) onTls(tlsState(socket));
  });
}

function responseTo(request: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.once('response', resolve);
    request.on('error', reject);
  });
}

function tlsState(socket: TLSSocket): TlsState {
  const fault = socket.authorized ? undefined : String(socket.authorizationError);
  const expiries = chainOf(socket.getPeerCertificate(true)).map(
    ({ valid_to }) => Date.parse(valid_to) / 1000,
  );
  return { version: socket.getProtocol() ?? 'unknown', fault, earliestExpirySeconds: Math.min(...expiries) };
}

/** A root is its own issuer; the loop is broken there. A chain that is cut short just ends. */
function chainOf(leaf: DetailedPeerCertificate): DetailedPeerCertificate[] {
  const chain: DetailedPeerCertificate[] = [];
  let current: DetailedPeerCertificate | undefined = leaf;
  while (current?.valid_to !== undefined && !chain.includes(current)) {
    chain.push(current);
    current = (current as Partial<DetailedPeerCertificate>).issuerCertificate;
  }
  return chain;
}

async function readBody(response: IncomingMessage, maxBytes: number) {
  let transferredBytes = 0;
  response.on('data', (chunk: Buffer) => (transferredBytes += chunk.length));
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of decompressed(response) as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > maxBytes) break;
  }
  return { body: Buffer.concat(chunks), transferredBytes, isTruncated: length > maxBytes };
}

function decompressed(response: IncomingMessage): Readable {
  const decoders = { gzip: createGunzip, deflate: createInflate, br: createBrotliDecompress };
  const encoding = response.headers['content-encoding'];
  if (encoding !== 'gzip' && encoding !== 'deflate' && encoding !== 'br') return response;
  const decoder = decoders[encoding]();
  response.on('error', (error) => decoder.destroy(error));
  return response.pipe(decoder);
}
