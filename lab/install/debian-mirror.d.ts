/** The mirror that this machine has its Debian from. */
export function debianMirror(folder: string): string;
