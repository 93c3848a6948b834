import { connect } from 'node:tls';
import { parseArgs } from 'node:util';

/** For the image: ends with 0 where the service at a port of this machine is healthy, over HTTP or TLS, and else with 1. */
async function main(): Promise<void> {
  const { positionals } = parseArgs({ allowPositionals: true });
  const port = Number(positionals[0]);
  const isHealthy = (await answersHttp(port)) || (await speaksTls(port));
  process.exitCode = isHealthy ? 0 : 1;
}

async function answersHttp(port: number): Promise<boolean> {
  const answer = await fetch(`http://127.0.0.1:${port}/-/healthy`, {
    signal: AbortSignal.timeout(2000),
  }).catch(() => undefined);
  return answer?.ok === true;
}

/** A service that wants a certificate to be shown gives no answer here, but agrees on TLS, which takes its event loop as well. */
function speaksTls(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false, timeout: 2000 });
    const end = (isHealthy: boolean) => {
      socket.destroy();
      resolve(isHealthy);
    };
    socket.once('secureConnect', () => end(true));
    socket.once('timeout', () => end(false));
    socket.once('error', () => end(false));
  });
}

await main();
