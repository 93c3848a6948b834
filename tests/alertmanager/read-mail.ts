/** A mail as a person reads it. */
export interface ReadMail {
  readonly from: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** Reads a mail that has two parts in quoted-printable, as Alertmanager sends it. Throws where it is anything else. */
export function readMail(source: string): ReadMail {
  const [head = '', ...rest] = source.split('\n\n');
  const header = (name: string) => {
    const lines = head.split(/\n(?! )/).filter((line) => line.toLowerCase().startsWith(`${name}: `));
    if (lines.length !== 1) throw new Error(`the mail has ${lines.length} headers ${name}`);
    return (lines[0] ?? '').slice(name.length + 2).replaceAll(/\n +/g, ' ');
  };
  const [, boundary] = /^multipart\/alternative;\s+boundary="?([^"\s;]+)/.exec(header('content-type')) ?? [];
  if (boundary === undefined) throw new Error('the mail is not in parts');
  const parts = rest.join('\n\n').split(`--${boundary}`);
  const part = (type: string) => {
    const found = parts.find((one) => one.includes(`Content-Type: ${type}`));
    if (found === undefined) throw new Error(`the mail has no part ${type}`);
    return quotedPrintable(found.slice(found.indexOf('\n\n') + 2));
  };
  return {
    from: header('from'),
    to: header('to'),
    subject: header('subject')
      .replaceAll('?= =?', '?==?')
      .replaceAll(/=\?utf-8\?q\?(.*?)\?=/gi, (_all, word: string) =>
        quotedPrintable(word.replaceAll('_', ' ')),
      ),
    text: part('text/plain'),
    html: part('text/html'),
  };
}

function quotedPrintable(text: string): string {
  const bytes = text
    .replaceAll('=\n', '')
    .replaceAll(/=([0-9A-F]{2})/g, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString();
}
