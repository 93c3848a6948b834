import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePorts } from '../../lab/parts/free-port.ts';
import { startProcess } from '../../lab/parts/process.ts';
import { runCommand } from '../../lab/parts/run-command.ts';

/** An nginx on loopback with pages to be probed. */
export interface ProbedNginx {
  readonly ports: Readonly<Record<'plain' | 'selfSigned' | 'expired', number>>;
  /** The certificate of the server `selfSigned`. */
  readonly selfSignedFile: string;
  stop(): Promise<void>;
}

/** Starts it: one server without TLS, and two with certificates that are not trusted, of which one has expired in 2020. */
export async function startProbedNginx(folder: string): Promise<ProbedNginx> {
  const [plain = 0, selfSigned = 0, expired = 0] = await freePorts(3);
  const ports = { plain, selfSigned, expired };
  await makeCertificate(join(folder, 'self-signed'), '20300101000000Z');
  await makeCertificate(join(folder, 'expired'), '20200201000000Z');
  await writeFile(join(folder, 'nginx.conf'), configuration(folder, ports));
  const nginx = await startProcess({
    name: 'nginx',
    argv: ['/usr/sbin/nginx', '-c', join(folder, 'nginx.conf')],
    logFile: join(folder, 'nginx.log'),
    debianPackage: 'nginx',
  });
  await nginx.untilReady(async () => (await fetch(`http://127.0.0.1:${plain}/`)).ok);
  return { ports, selfSignedFile: join(folder, 'self-signed', 'cert.pem'), stop: () => nginx.stop() };
}

async function makeCertificate(folder: string, end: string): Promise<void> {
  await mkdir(folder);
  const at = (file: string) => join(folder, file);
  await runCommand([
    'openssl',
    'req',
    '-newkey',
    'rsa:2048',
    '-nodes',
    '-keyout',
    at('key.pem'),
    '-out',
    at('csr.pem'),
    '-subj',
    '/CN=127.0.0.1',
    '-addext',
    'subjectAltName=IP:127.0.0.1',
  ]);
  await writeFile(at('index.txt'), '');
  await writeFile(at('serial'), '01\n');
  const ca = `[ca]\ndefault_ca=c\n[c]\nnew_certs_dir=${at('')}\ndatabase=${at('index.txt')}\nserial=${at('serial')}\ndefault_md=sha256\ncopy_extensions=copy\npolicy=p\n[p]\ncommonName=supplied\n`;
  await writeFile(at('ca.cnf'), ca);
  const dates = ['-startdate', '20200101000000Z', '-enddate', end];
  await runCommand([
    'openssl',
    'ca',
    '-batch',
    '-selfsign',
    '-notext',
    '-config',
    at('ca.cnf'),
    '-in',
    at('csr.pem'),
    '-keyfile',
    at('key.pem'),
    '-out',
    at('cert.pem'),
    ...dates,
  ]);
}

function configuration(folder: string, ports: ProbedNginx['ports']): string {
  const temp = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${folder}/${name};`,
  );
  const tls = (port: number, name: string) =>
    `server { listen 127.0.0.1:${port} ssl; ssl_certificate ${folder}/${name}/cert.pem; ssl_certificate_key ${folder}/${name}/key.pem; location / { return 200 "hello"; } location /moved { return 301 http://127.0.0.1:${ports.plain}/; } }`;
  const long = 'steward '.repeat(400);
  return `daemon off; pid ${folder}/nginx.pid; error_log stderr; events {} http { access_log off; ${temp.join(' ')}
    server { listen 127.0.0.1:${ports.plain}; default_type text/html; gzip on; gzip_min_length 1000;
      location / { return 200 "hello from a site"; }
      location /long { return 200 "${long}"; }
      location /moved { return 301 /; }
      location /moved-over-tls { return 301 https://127.0.0.1:${ports.expired}/moved; }
      location /moved-away { return 301 http://localhost:${ports.plain}/; }
      location /moved-twice { return 302 /moved; }
      location /loop { return 302 /loop; }
      location /mail { return 302 mailto:x@example.com; }
      location /impossible { return 302 http://%ff@127.0.0.1/; }
      location /broken { return 502; } }
    ${tls(ports.selfSigned, 'self-signed')} ${tls(ports.expired, 'expired')} }`;
}
