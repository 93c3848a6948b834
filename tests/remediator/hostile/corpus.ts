import { argumentTexts, pathTexts, shellTexts } from './command-texts.ts';
import { htmlTexts, markdownTexts, templateTexts, terminalTexts } from './markup-texts.ts';
import { promqlTexts, sqlTexts } from './query-texts.ts';
import { lengthTexts, unicodeTexts, wordTexts } from './word-texts.ts';

/** The kinds of attacks that a text in a label can be meant for. */
export type HostileKind = keyof ReturnType<typeof hostileTextsByKind>;

/** A text that would do harm where something took it for more than a text. */
export interface HostileText {
  readonly kind: HostileKind;
  readonly text: string;
}

/** Every text of the corpus. Those that run something make a file in the folder, by which it would show. */
export function hostileCorpus(canaryFolder: string): readonly HostileText[] {
  const byKind = hostileTextsByKind(canaryFolder);
  return (Object.keys(byKind) as HostileKind[]).flatMap((kind) =>
    byKind[kind].map((text) => ({ kind, text })),
  );
}

function hostileTextsByKind(folder: string) {
  return {
    shell: shellTexts(folder),
    argument: argumentTexts(folder),
    promql: promqlTexts,
    sql: sqlTexts,
    html: htmlTexts,
    markdown: markdownTexts,
    terminal: terminalTexts,
    path: pathTexts(folder),
    unicode: unicodeTexts,
    length: lengthTexts,
    word: wordTexts,
    template: templateTexts,
  } as const satisfies Readonly<Record<string, readonly string[]>>;
}
