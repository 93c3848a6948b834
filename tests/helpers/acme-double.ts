import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { runCommand } from '../../lab/parts/run-command.ts';
import { createAuthority } from './certificates.ts';

/** An authority that speaks as much of ACME (RFC 8555) as certbot asks for. It proves nothing: whoever asks for a name gets it. */
export interface AcmeDouble {
  /** The address of its directory, for `--server`. */
  readonly url: string;
  /** How long the next certificates last. */
  days: number;
  /** How many certificates it has issued. */
  issued: number;
  /** What it answers instead of issuing, as a problem document. */
  refusal: string | undefined;
  stop(): Promise<void>;
}

/** Starts it on a free port of loopback, with an authority of its own in the folder. */
export async function startAcmeDouble(folder: string): Promise<AcmeDouble> {
  const authority = await createAuthority(folder, 'acme');
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      response.writeHead(500).end(String(error));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const identifiers = [{ type: 'dns', value: 'blog.test' }];
  const valid = { status: 'valid', expires: '2099-01-01T00:00:00Z' };
  const order = { identifiers, authorizations: [`${base}/authorization`], finalize: `${base}/finalize` };
  const token = randomBytes(32).toString('base64url');
  const challenge = { type: 'http-01', url: `${base}/challenge`, token, status: 'valid' };
  let chain = '';

  async function issue(csr: string): Promise<void> {
    const [request, certificate] = [join(folder, 'request.der'), join(folder, 'issued.crt')];
    await writeFile(request, Buffer.from(csr, 'base64url'));
    const { certFile, keyFile, cert } = authority;
    const signer = ['-CA', certFile, '-CAkey', keyFile, '-copy_extensions', 'copy'];
    const files = ['-inform', 'DER', '-in', request, '-out', certificate];
    await runCommand(['openssl', 'x509', '-req', ...files, ...signer, '-days', String(double.days)]);
    chain = (await readFile(certificate, 'utf8')) + cert;
    double.issued += 1;
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { url = '', method } = request;
    response.setHeader('replay-nonce', randomBytes(16).toString('base64url'));
    const send = (status: number, body: unknown, location = '') =>
      response
        .writeHead(status, { 'content-type': 'application/json', location: `${base}${location}` })
        .end(JSON.stringify(body));
    if (url === '/directory') return void send(200, directory(base));
    if (method === 'HEAD') return void response.end();
    const payload = payloadOf(await text(request));
    if (url === '/account') return void send(201, { status: 'valid', contact: [] }, '/account/1');
    if (url === '/new-order') {
      if (double.refusal === undefined)
        return void send(201, { ...order, ...valid, status: 'ready' }, '/order');
      response.writeHead(403, { 'content-type': 'application/problem+json' });
      const type = 'urn:ietf:params:acme:error:rejectedIdentifier';
      return void response.end(JSON.stringify({ type, detail: double.refusal, status: 403 }));
    }
    if (url === '/authorization')
      return void send(200, { ...valid, identifier: identifiers[0], challenges: [challenge] });
    if (url === '/finalize') await issue(payload.csr ?? '');
    if (url === '/finalize' || url === '/order')
      return void send(200, { ...order, ...valid, certificate: `${base}/certificate` }, '/order');
    response.writeHead(200, { 'content-type': 'application/pem-certificate-chain' }).end(chain);
  }

  const double: AcmeDouble = {
    url: `${base}/directory`,
    days: 90,
    issued: 0,
    refusal: undefined,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return double;
}

function directory(base: string) {
  return {
    newNonce: `${base}/nonce`,
    newAccount: `${base}/account`,
    newOrder: `${base}/new-order`,
    revokeCert: `${base}/revoke`,
    keyChange: `${base}/key`,
  };
}

/** What a signed request carries; its signature is not looked at. */
function payloadOf(body: string): { readonly csr?: string } {
  const { payload } = JSON.parse(body) as { payload: string };
  return payload === '' ? {} : (JSON.parse(Buffer.from(payload, 'base64url').toString()) as { csr?: string });
}
