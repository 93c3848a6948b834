import ssh2 from 'ssh2';

/**
 * Makes an ed25519 key pair in OpenSSH's format, and returns the private half, which holds both. ssh2 1.17 leaves out the zero that one public
 * half in 256 begins with. Nobody can read such a key, so that another one is made.
 */
export function createPrivateKey(comment: string): string {
  for (;;) {
    const { private: key } = ssh2.utils.generateKeyPairSync('ed25519', { comment });
    if (!(ssh2.utils.parseKey(key) instanceof Error)) return key;
  }
}

/** The public half of a private key, as a line for authorized_keys. Throws where the text is not a private key without a passphrase. */
export function publicKeyOf(privateKey: string): string {
  const parsed = ssh2.utils.parseKey(privateKey);
  if (parsed instanceof Error) throw new Error(`not a private key: ${parsed.message}`, { cause: parsed });
  return `${parsed.type} ${parsed.getPublicSSH().toString('base64')}`;
}
