/** Texts that YAML takes for nothing but themselves, in a list in brackets, too. */
const PLAIN = /^(?:[A-Za-z/][A-Za-z0-9._/:+-]*[A-Za-z0-9/+]|\d{1,3}(?:\.\d{1,3}){3})$/;
const WORDS = /^(?:true|false|null|yes|no|on|off)$/i;

/** A text as YAML: as it is where that is safe, otherwise in double quotes, with all but plain ASCII as escapes. */
export function yamlText(text: string): string {
  if (PLAIN.test(text) && !WORDS.test(text)) return text;
  return JSON.stringify(text).replace(
    /[^ -~]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
