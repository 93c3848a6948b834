import { statSync } from 'node:fs';
import { codeOf } from './code-of.ts';

/**
 * A text that changes when a file does, or comes or goes. Links are followed, since certbot and Kubernetes change what a link
 * leads to. It costs some microseconds.
 */
export function fileStamp(path: string): string {
  try {
    const { dev, ino, size, mode, mtimeNs, ctimeNs } = statSync(path, { bigint: true });
    return [dev, ino, size, mode, mtimeNs, ctimeNs].join(' ');
  } catch (error) {
    return codeOf(error);
  }
}
