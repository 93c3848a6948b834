/** Where an sshd is, who logs in there, and which host key it must show. */
export interface SshAddress {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** The text of the private key. */
  readonly privateKey: string;
  /** The fingerprint that was pinned, as `SHA256:...`. */
  readonly hostKeyFingerprint: string;
}
