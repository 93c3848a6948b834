import { constants, createPrivateKey, X509Certificate } from 'node:crypto';
import { createSecureContext, type SecureContextOptions } from 'node:tls';
import type { PathProblem } from '../inventory/path-problem.ts';
import { codeOf } from './code-of.ts';
import type { Mismatch, readSmallFile } from './read-small-file.ts';
import { cipherSuites, curves, tlsVersions } from './tls-names.ts';
import type { TlsText } from './web-config-schema.ts';
import type { TlsSettings } from './web-config.ts';

type FileKey = 'cert_file' | 'key_file' | 'client_ca_file';

/** Reads what a web configuration names for TLS, and checks that it goes together. */
export function readTls(text: TlsText, readNamed: typeof readSmallFile): TlsSettings | PathProblem[] {
  const problems: PathProblem[] = [];
  const read = (key: FileKey, check: (pem: string) => Mismatch | undefined): string | undefined => {
    const name = text[key];
    if (name === undefined) return undefined;
    const content = readNamed(name);
    const mismatch = typeof content === 'string' ? check(content) : content;
    if (mismatch !== undefined) problems.push({ path: ['tls_server_config', key], ...mismatch });
    return typeof content === 'string' ? content : undefined;
  };
  const cert = read('cert_file', certificateMismatch);
  const key = read('key_file', (pem) => keyMismatch(pem, problems.length === 0 ? cert : undefined));
  const ca = read('client_ca_file', certificateMismatch);
  if (problems.length > 0) return problems;
  const context: SecureContextOptions = {
    ...protocolOf(text),
    cert,
    key,
    ...(ca === undefined ? {} : { ca }),
  };
  const fault = contextFault(context);
  if (fault !== undefined) return [fault];
  return { context, clientAuth: text.client_auth_type, allowedSans: text.client_allowed_sans };
}

function certificateMismatch(pem: string): Mismatch | undefined {
  try {
    createSecureContext({ cert: pem, ca: pem });
    return undefined;
  } catch (error) {
    return { found: `nothing that OpenSSL takes (${codeOf(error)})`, expected: 'a certificate as PEM' };
  }
}

function keyMismatch(pem: string, cert: string | undefined): Mismatch | undefined {
  try {
    const key = createPrivateKey(pem);
    if (cert === undefined || new X509Certificate(cert).checkPrivateKey(key)) return undefined;
    return { found: 'the key of another certificate', expected: 'the key of cert_file' };
  } catch (error) {
    return {
      found: `nothing that OpenSSL takes (${codeOf(error)})`,
      expected: 'a private key as PEM, without a passphrase',
    };
  }
}

function protocolOf(text: TlsText): SecureContextOptions {
  const ciphers = text.cipher_suites.map((name) => cipherSuites[name]);
  const chosen = text.curve_preferences.map((name) => curves[name]);
  return {
    minVersion: tlsVersions[text.min_version],
    maxVersion: tlsVersions[text.max_version],
    honorCipherOrder: text.prefer_server_cipher_suites,
    // Without tickets every connection is a new one, which is held against what the files now say.
    secureOptions: constants.SSL_OP_NO_TICKET,
    ...(ciphers.length === 0 ? {} : { ciphers: [...tls13Suites, ...ciphers].join(':') }),
    ...(chosen.length === 0 ? {} : { ecdhCurve: chosen.join(':') }),
  };
}

const tls13Suites = Object.values(cipherSuites).filter((name) => name.startsWith('TLS_'));

/** What OpenSSL itself has against it, such as a key that is too short. */
function contextFault(context: SecureContextOptions): PathProblem | undefined {
  try {
    createSecureContext(context);
    return undefined;
  } catch (error) {
    return {
      path: ['tls_server_config'],
      found: `what OpenSSL does not take (${codeOf(error)})`,
      expected: 'a certificate, key and settings of today',
    };
  }
}
