/** Where an sshd is, who logs in there, and which host key it must show. */
export interface SshAddress {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  /** The text of the private key; left out where the agent has it. */
  readonly privateKey?: string;
  /** The socket of an ssh-agent, whose keys are offered, too. */
  readonly agent?: string;
  /** The fingerprint that was pinned, as `SHA256:...`. */
  readonly hostKeyFingerprint: string;
}
