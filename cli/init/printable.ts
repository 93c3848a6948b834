const LONGEST = 300;

/**
 * What a host or site wrote, for a terminal or a comment: one line, without anything that moves the cursor, hides or turns text around.
 * What is no plain ASCII shows as its code.
 */
export function printable(text: string): string {
  const line = JSON.stringify(text.slice(0, LONGEST)).slice(1, -1);
  return line
    .replaceAll('\\"', '"')
    .replaceAll('\\\\', '\\')
    .replace(/[^ -~]/g, codeOf);
}

function codeOf(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
