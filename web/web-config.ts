import type { SecureContextOptions } from 'node:tls';
import type { TlsText } from './web-config-schema.ts';

/** How TLS is spoken. */
export interface TlsSettings {
  readonly context: SecureContextOptions;
  readonly clientAuth: TlsText['client_auth_type'];
  /** Where set, a client's certificate must carry one of these names. */
  readonly allowedSans: readonly string[] | undefined;
}

/** A web configuration that was read with all its files. */
export interface WebConfig {
  readonly tls: TlsSettings | undefined;
  /** Headers of each answer. */
  readonly headers: Readonly<Record<string, string>>;
  /** Users with their bcrypt hashes; undefined where nobody is asked for a password. */
  readonly users: ReadonlyMap<string, string> | undefined;
}
