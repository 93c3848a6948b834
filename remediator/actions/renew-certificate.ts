import type { Action } from './action.ts';

/** Renews a certificate by certbot. There is no undo: certbot keeps the old one, and a new one is as good. */
export const renewCertificate: Action = {
  name: 'certificate.renew',
  summary:
    "Has certbot renew the certificate of a site where it is time, and reloads the site's web servers once their own configuration tests pass.",
  target: 'site',
  parameters: {},
  steps: [
    {
      kind: 'command',
      verb: 'site-renew-certificate',
      slots: [{ from: 'target' }],
      timeoutSeconds: 300,
    },
  ],
  idempotent: true,
  refresh: [],
  harm: {
    healthy: 'probe_success{instance="$target"} == 1',
    harmed: 'probe_success{instance="$target"} == 0',
  },
};
