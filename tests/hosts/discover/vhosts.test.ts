import { describe, expect, test } from '@jest/globals';
import { apacheHosts, nginxHosts } from '../../../hosts/discover/vhosts.ts';

describe('nginxHosts', () => {
  test('takes each server with its first root, and none of the servers of an upstream', () => {
    const lines = `{\nserver 10.0.0.1\n}\n{\nroot /outside\nserver\n{\nlisten 8443 ssl\nserver_name a.example b.example\nroot "/srv/a b/"\n{\nroot /deeper\n}\n}\nserver\n{\nlisten 80\n}\n}`;
    expect(nginxHosts(lines)).toEqual([
      {
        names: ['a.example', 'b.example'],
        root: '/srv/a b',
        hasTls: true,
        accessLog: undefined,
        errorLog: undefined,
        php: undefined,
      },
    ]);
  });

  test.each(['}\n}\n}', '{', 'server', 'server\n{\nroot', '"', '\u0000'])(
    'reads nothing out of %j',
    (lines) => {
      expect(nginxHosts(lines)).toEqual([]);
    },
  );
});

describe('apacheHosts', () => {
  test('reads hosts with and without TLS, and puts in the folder of the logs', () => {
    const lines = `<VirtualHost *:80>\nServerName a.example\nDocumentRoot /srv/a\n</VirtualHost>
ErrorLog /outside
<virtualhost [::]:443>
  servername b.example
  DocumentRoot '/srv/b'
  ErrorLog \${APACHE_LOG_DIR}/b.log
  CustomLog /var/log/apache2/b-access.log combined
</virtualhost>`;
    expect(apacheHosts(lines)).toMatchObject([
      { names: ['a.example'], root: '/srv/a', hasTls: false, errorLog: undefined },
      {
        names: ['b.example'],
        root: '/srv/b',
        hasTls: true,
        errorLog: '/var/log/apache2/b.log',
        accessLog: '/var/log/apache2/b-access.log',
      },
    ]);
  });
});
