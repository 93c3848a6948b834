import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { actions } from './actions.ts';
import { formOf } from './decide/parameters.ts';
import type {
  Action,
  BotCall,
  BotCondition,
  ClosedSet,
  ParameterType,
  Step,
  UndoStep,
} from './actions/action.ts';

/** The documentation of the actions, from what they say of themselves. */
function actionsDocument(): string {
  return [
    '# Actions',
    '',
    'Generated from the actions; `npm run generate` writes it. A policy names one of them, and says when it may run, and how its success is',
    'proved (docs/architecture.md). What a verb does on the host stands in `hosts/harden/verbs/`, in the words that root will run there.',
    'Actions of your own stand in steward.yml: see [custom-actions.md](custom-actions.md).',
    '',
    ...[...actions.values()].flatMap(section),
  ].join('\n');
}

function section(action: Action): string[] {
  const facts = [
    ['target', `a ${action.target}, by the label \`instance\``],
    ['parameters', parametersOf(action)],
    ['does', action.steps.map(stepText).join(', then ')],
    ['a second time', action.idempotent ? 'does no harm' : 'is never tried without a person'],
    ['undone', undoOf(action)],
    ['read again before the proof', action.refresh.map((name) => `\`${name}\``).join(', ') || 'nothing'],
  ];
  const rows = facts.map(([name, fact]) => `| ${name ?? ''} | ${fact ?? ''} |`);
  return [`## ${action.name}`, '', action.summary, '', '| | |', '| --- | --- |', ...rows, ''];
}

const membersOf: Readonly<Record<ClosedSet, string>> = {
  'services-of-host': 'a service that steward.yml names for the host',
  'logs-of-site':
    'a log that steward.yml names for the site: its format, and from the second of one format on a number, as in the label `log`',
  'plugins-of-site': 'the folder of an active plugin of the site',
};

function parametersOf({ parameters }: Action): string {
  return (
    Object.entries(parameters)
      .map(([name, type]) => `\`${name}\`: ${typeText(type)}`)
      .join('; ') || 'none'
  );
}

function typeText(type: ParameterType): string {
  if ('memberOf' in type) return membersOf[type.memberOf];
  if ('saidOf' in type) return '`service` of the bot in steward.yml, which no policy names';
  return formOf(type.fits);
}

const calls: Readonly<Record<BotCall, string>> = {
  'stop-entries': 'no new trades',
  'resume-entries': 'new trades again',
  start: 'trade',
  reload: 'read your configuration again',
};

const conditions: Readonly<Record<BotCondition, string>> = {
  'is-flat': 'no trade is open',
  'is-ready': 'the bot says that it has started',
};

function stepText(step: Step | UndoStep): string {
  if (step.kind === 'wait') {
    const { within } = step;
    const most = 'hours' in within ? `the hours of \`${within.hours}\`` : `${within.seconds} s`;
    return `waits until ${conditions[step.until]}, for ${most} at the most`;
  }
  const what = step.kind === 'http' ? `tells the bot: ${calls[step.call]}` : `the verb \`${step.verb}\``;
  return `${what}, for ${step.timeoutSeconds} s at the most`;
}

function undoOf({ undo, harm, isUndoneUnlessProved, steps }: Action): string {
  if (undo === undefined) return 'never: there is nothing to put back';
  const cases = [
    ...(harm === undefined
      ? []
      : [`where \`${harm.healthy}\` held before and \`${harm.harmed}\` holds after`]),
    ...(isUndoneUnlessProved === true ? ['where the fix could not be proved'] : []),
    ...(steps.length > 1 ? ['where it is given up half way'] : []),
  ];
  const how =
    undo.kind === 'http' ? `by telling the bot: ${calls[undo.call]}` : `by the verb \`${undo.verb}\``;
  return `${how}, ${cases.join(', and ')}`;
}

async function main(): Promise<number> {
  const file = fileURLToPath(new URL('../docs/actions.md', import.meta.url));
  const generated = actionsDocument();
  if (!process.argv.includes('--check')) {
    await writeFile(file, generated);
    return 0;
  }
  if ((await readFile(file, 'utf8')) === generated) return 0;
  process.stderr.write(`${file} is out of date: run npm run generate\n`);
  return 1;
}

if (import.meta.main) process.exitCode = await main();
