import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from '../../lab/parts/run-command.ts';

/** A certificate with its key, as files and as text. */
export interface TestCertificate {
  readonly certFile: string;
  readonly keyFile: string;
  readonly cert: string;
  readonly key: string;
}

/** An authority that only tests trust. */
export interface TestAuthority extends TestCertificate {
  /** Issues a certificate for names such as `DNS:localhost` and `IP:127.0.0.1`. */
  issue(name: string, sans: readonly string[], usage?: 'serverAuth' | 'clientAuth'): Promise<TestCertificate>;
}

/** Makes an authority with OpenSSL, its files in a folder. */
export async function createAuthority(folder: string, name: string): Promise<TestAuthority> {
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  const files = (one: string) => ({
    certFile: join(folder, `${one}.crt`),
    keyFile: join(folder, `${one}.key`),
  });
  const request = async (one: string, ...more: readonly string[]) => {
    const { certFile, keyFile } = files(one);
    const subject = ['-subj', `/CN=${one}`, '-days', '2'];
    await runCommand([
      'openssl',
      'req',
      '-x509',
      ...key,
      ...subject,
      '-keyout',
      keyFile,
      '-out',
      certFile,
      ...more,
    ]);
    const [certText, keyText] = await Promise.all([readFile(certFile, 'utf8'), readFile(keyFile, 'utf8')]);
    return { certFile, keyFile, cert: certText, key: keyText };
  };
  const authority = await request(name);
  return {
    ...authority,
    issue: (one, sans, usage = 'serverAuth') =>
      request(
        one,
        ...['-CA', authority.certFile, '-CAkey', authority.keyFile],
        ...['-addext', `subjectAltName=${sans.join(',')}`, '-addext', `extendedKeyUsage=${usage}`],
        ...['-addext', 'basicConstraints=critical,CA:FALSE'],
      ),
  };
}

/** Puts a certificate and its key where another one is, as certbot does: each file whole, one after the other. */
export async function replaceCertificate(at: TestCertificate, by: TestCertificate): Promise<void> {
  await writeFile(at.certFile, by.cert);
  await writeFile(at.keyFile, by.key);
}
