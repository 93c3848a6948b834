import { connect, type Socket } from 'node:net';

interface Waiting {
  readonly resolve: (status: string) => void;
  readonly reject: (error: Error) => void;
}

/** A connection that sends one request at a time, and is opened again where the server closes it between two. */
export class Connection {
  readonly #port: number;
  #socket: Socket | undefined;
  #received = '';
  #waiting: Waiting | undefined;

  constructor(port: number) {
    this.#port = port;
  }

  /** Sends a whole request, and resolves with the status of its answer once that is there to its end. */
  send(request: string): Promise<string> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#socket ??= this.#open();
      this.#socket.write(request, 'latin1');
    });
  }

  close(): void {
    this.#socket?.destroy();
  }

  #open(): Socket {
    const socket = connect({ port: this.#port, host: '127.0.0.1', noDelay: true });
    socket.setEncoding('latin1');
    this.#received = '';
    socket.on('data', (text: string) => this.#receive(text));
    socket.on('error', (error) => this.#waiting?.reject(error));
    socket.on('close', () => {
      // One that was left after its last answer is of no interest.
      if (this.#socket !== socket) return;
      this.#socket = undefined;
      this.#waiting?.reject(new Error('the connection was closed before the answer'));
    });
    return socket;
  }

  #receive(text: string): void {
    this.#received += text;
    const headersEnd = this.#received.indexOf('\r\n\r\n');
    if (headersEnd === -1) return;
    const headers = this.#received.slice(0, headersEnd).toLowerCase();
    const length = /\r\ncontent-length: (\d+)/.exec(headers)?.[1];
    if (length === undefined) {
      this.#waiting?.reject(new Error(`an answer without a length: ${headers}`));
      return;
    }
    if (this.#received.length < headersEnd + 4 + Number(length)) return;
    this.#received = '';
    if (headers.includes('\r\nconnection: close')) {
      this.#socket?.destroy();
      this.#socket = undefined;
    }
    const { resolve } = this.#waiting ?? {};
    this.#waiting = undefined;
    resolve?.(headers.slice(9, 12));
  }
}
