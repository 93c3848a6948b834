import { readFile } from 'node:fs/promises';
import { piecesOfWord, type CustomAction, type CustomParameter } from '../../inventory/schema/action.ts';
import type { Inventory } from '../../inventory/schema/inventory.ts';
import { quoteWord } from '../quote.ts';
import { customVerb, customUndoVerb, type SentVerb } from '../verbs.ts';

/** What the dispatcher has of the actions of steward.yml: functions, and the cases that lead to them. */
export interface CustomVerbs {
  readonly functions: string;
  readonly cases: readonly string[];
}

/** Writes the verbs of the operator's own actions, where they are among `actVerbs`. What they run is fixed; only slots vary. */
export async function customVerbs(
  { actions }: Inventory,
  hostId: string,
  actVerbs: ReadonlySet<SentVerb>,
): Promise<CustomVerbs> {
  const included = Object.entries(actions)
    .flatMap(([name, action]) => [
      { verb: customVerb(name), argv: action.run, action },
      ...(action.undo === undefined ? [] : [{ verb: customUndoVerb(name), argv: action.undo, action }]),
    ])
    .filter(({ verb }) => actVerbs.has(verb));
  if (included.length === 0) return { functions: '', cases: [] };
  const shared = await readFile(new URL('shared/custom.sh', import.meta.url), 'utf8');
  const functions = included.map(({ verb, argv, action }) => verbFunction(verb, argv, action, hostId));
  return {
    functions: [shared, ...functions].join('\n'),
    cases: included.map(
      ({ verb, action }) =>
        `    'act ${verb} ${slotsOf(action).length + 1}') file=custom run=${functionName(verb)} ;;\n`,
    ),
  };
}

/** The slots in the order in which they are sent. */
function slotsOf({ parameters }: CustomAction): string[] {
  return ['target', ...Object.keys(parameters), 'run'];
}

function functionName(verb: SentVerb): string {
  return `verb_${verb.replaceAll('-', '_')}`;
}

function verbFunction(verb: SentVerb, argv: readonly string[], action: CustomAction, hostId: string): string {
  const used = new Set(argv.flatMap(piecesOfWord).flatMap((piece) => ('slot' in piece ? [piece.slot] : [])));
  const slots = slotsOf(action).flatMap((name, index) =>
    slotLines(name, index + 1, action, hostId, used.has(name)),
  );
  const seconds = Math.ceil(action.timeout / 1000);
  const words = argv.map(shellWord).join(' ');
  const lines = [...slots, `run_custom ${quoteWord(action.user)} ${seconds} ${words}`];
  return `# ${verb} of steward.yml.\n${functionName(verb)}() {\n${lines.map((line) => `  ${line}\n`).join('')}}\n`;
}

/** What checks a slot, and keeps its value where the command uses it. */
function slotLines(
  name: string,
  at: number,
  { target, parameters }: CustomAction,
  hostId: string,
  isUsed: boolean,
): string[] {
  const keep = isUsed ? [`slot_${name}=$${at}`] : [];
  const parameter = parameters[name];
  if (parameter?.enum !== undefined) return [choiceLine(name, at, parameter.enum, isUsed)];
  if (parameter !== undefined) return [checkLine(name, at, parameter), ...keep];
  if (name === 'run') return keep;
  return [
    target === 'site' ? `select_site "$${at}"` : `[ "$${at}" = ${hostId} ] || refuse 'another host'`,
    ...keep,
  ];
}

function choiceLine(
  name: string,
  at: number,
  choices: Readonly<Record<string, string>>,
  isUsed: boolean,
): string {
  const cases = Object.entries(choices).map(
    ([word, value]) => `${word}) ${isUsed ? `slot_${name}=${quoteWord(value)}` : ':'} ;;`,
  );
  return `case $${at} in ${cases.join(' ')} *) refuse '${name} is none of those that steward.yml names' ;; esac`;
}

function checkLine(name: string, at: number, { int, pattern = '' }: CustomParameter): string {
  return int === undefined
    ? `check_pattern ${name} "$${at}" ${quoteWord(pattern)}`
    : `check_number ${name} "$${at}" ${int.min} ${int.max}`;
}

/** One word for the shell: fixed texts are quoted, and a slot is a variable in double quotes, which the shell does not read again. */
function shellWord(word: string): string {
  const pieces = piecesOfWord(word).map((piece) =>
    'slot' in piece ? `"$slot_${piece.slot}"` : quoteWord(piece.text),
  );
  return pieces.length === 0 ? "''" : pieces.join('');
}
