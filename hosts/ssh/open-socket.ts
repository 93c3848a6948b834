import { connect, type Socket } from 'node:net';
import { HostError } from '../host.ts';

/** Opens a TCP connection for SSH, which ends with the signal. Rejects with a HostError that names the address. */
export function openSocket(
  host: string,
  port: number,
  timeoutMs: number,
  signal?: AbortSignal,
): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, ...(signal === undefined ? {} : { signal }) });
    // Without this each command waits for a delayed acknowledgement: 49 ms instead of 7 ms, measured on loopback.
    socket.setNoDelay(true);
    const fail = (message: string, cause?: Error) => {
      socket.destroy();
      reject(new HostError('unreachable', `${host}:${port} cannot be reached: ${message}`, { cause }));
    };
    socket.setTimeout(timeoutMs, () => fail(`no answer within ${timeoutMs / 1000} s`));
    // It stays for the socket's life: an error that nobody listens to would end this process.
    socket.on('error', (error) => fail(error.message, error));
    socket.once('connect', () => {
      socket.setTimeout(0);
      resolve(socket);
    });
  });
}
