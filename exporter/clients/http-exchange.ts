import { request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Socket } from 'node:net';
import { TLSSocket, type DetailedPeerCertificate } from 'node:tls';
import { createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from 'node:zlib';
import type { Readable, Transform } from 'node:stream';
import { OWN_AGENT } from '../../logs/access-log.ts';

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

/** An answer, or as much of it as came. */
export interface Answer {
  readonly status: number;
  readonly httpVersion: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
  /** Bytes of the body as they came, before decompression. */
  readonly transferredBytes: number;
  /** Whether the body was longer than was read. */
  readonly isTruncated: boolean;
}

/** One request, and how far it came. */
export interface Exchange {
  /** Undefined where no answer began. */
  readonly answer: Answer | undefined;
  /** Why it ended before its time; undefined where it did not. */
  readonly fault: string | undefined;
  readonly phases: Phases;
  readonly tls: TlsState | undefined;
  /** Undefined where no connection was made. */
  readonly ipVersion: 4 | 6 | undefined;
}

/** What has been seen of an exchange so far. */
type Seen = { -readonly [Key in Exclude<keyof Exchange, 'phases'>]: Exchange[Key] };

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
 * does not end it: what is wrong is in the result. Never rejects.
 */
export async function exchange(url: URL, maxBodyBytes: number, signal: AbortSignal): Promise<Exchange> {
  const watch = new Stopwatch();
  const seen: Seen = { answer: undefined, fault: undefined, tls: undefined, ipVersion: undefined };
  let request: ClientRequest | undefined;
  try {
    // A redirect can lead to an address that cannot be asked at all.
    request = send(url, signal);
    request.once('socket', (socket) => {
      followSocket(socket, watch, seen);
    });
    const response = await responseTo(request);
    watch.end('processing');
    const body = new BodyReader(response, maxBodyBytes);
    try {
      await body.read();
    } finally {
      watch.end('transfer');
      seen.answer = { ...headOf(response), ...body.result() };
    }
  } catch (error) {
    // What was under way has a time as well: a site that hangs shows where.
    if (seen.answer === undefined) watch.end(phaseUnderWay(url, seen));
    seen.fault = Error.isError(error) ? error.message : String(error);
  } finally {
    request?.destroy();
  }
  return { ...seen, phases: watch.phases };
}

function phaseUnderWay(url: URL, { ipVersion, tls }: Pick<Exchange, 'ipVersion' | 'tls'>): keyof Phases {
  if (ipVersion === undefined) return 'connect';
  return url.protocol === 'https:' && tls === undefined ? 'tls' : 'processing';
}

function headOf({ statusCode = 0, httpVersion, headers }: IncomingMessage) {
  return { status: statusCode, httpVersion, headers };
}

function send(url: URL, signal: AbortSignal): ClientRequest {
  const start = url.protocol === 'https:' ? httpsRequest : httpRequest;
  const request = start(url, {
    agent: false,
    signal,
    // Judged by ourselves: the expiry of a chain that has expired is what the operator wants to see.
    rejectUnauthorized: false,
    headers: { 'user-agent': OWN_AGENT, accept: '*/*', 'accept-encoding': 'gzip, deflate, br, zstd' },
  });
  request.end();
  return request;
}

function followSocket(socket: Socket, watch: Stopwatch, seen: Seen): void {
  socket.once('lookup', () => watch.end('resolve'));
  socket.once('connect', () => {
    watch.end('connect');
    seen.ipVersion = socket.remoteFamily === 'IPv6' ? 6 : 4;
  });
  socket.once('secureConnect', () => {
    watch.end('tls');
    if (socket instanceof TLSSocket) seen.tls = tlsState(socket);
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

/** Reads a body up to a limit, and keeps what came when it breaks off. */
class BodyReader {
  readonly #response: IncomingMessage;
  readonly #maxBytes: number;
  readonly #chunks: Buffer[] = [];
  #length = 0;
  #transferredBytes = 0;

  constructor(response: IncomingMessage, maxBytes: number) {
    this.#response = response;
    this.#maxBytes = maxBytes;
  }

  /** Rejects where the body breaks off, or is not compressed as its header says. */
  async read(): Promise<void> {
    this.#response.on('data', (chunk: Buffer) => (this.#transferredBytes += chunk.length));
    for await (const chunk of decompressed(this.#response) as AsyncIterable<Buffer>) {
      this.#chunks.push(chunk);
      this.#length += chunk.length;
      if (this.#length > this.#maxBytes) break;
    }
  }

  result(): Pick<Answer, 'body' | 'transferredBytes' | 'isTruncated'> {
    return {
      body: Buffer.concat(this.#chunks),
      transferredBytes: this.#transferredBytes,
      isTruncated: this.#length > this.#maxBytes,
    };
  }
}

const decoders: Readonly<Record<string, () => Transform>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
  zstd: createZstdDecompress,
};

function decompressed(response: IncomingMessage): Readable {
  const encoding = response.headers['content-encoding']?.toLowerCase() ?? '';
  const decoder = Object.hasOwn(decoders, encoding) ? decoders[encoding]?.() : undefined;
  if (decoder === undefined) return response;
  response.on('error', (error) => decoder.destroy(error));
  return response.pipe(decoder);
}
