import { readdir, readFile } from 'node:fs/promises';
import { Html, html } from './html.ts';

const FOLDER = new URL('../../docs/alerts/', import.meta.url);

/** The names of all runbooks: one for each alert. */
export async function runbookNames(): Promise<string[]> {
  const files = await readdir(FOLDER);
  return files
    .filter((file) => file.endsWith('.md') && file !== 'README.md')
    .map((file) => file.slice(0, -'.md'.length))
    .sort();
}

/** The list of the runbooks. */
export async function runbookList(): Promise<Html> {
  const names = await runbookNames();
  return html`<ul>
    ${names.map((name) => html`<li><a href="/runbooks/${name}">${name}</a></li> `)}
  </ul>`;
}

/** The runbook of an alert as HTML, or undefined where there is none of that name. */
export async function runbook(name: string): Promise<Html | undefined> {
  if (!(await runbookNames()).includes(name)) return undefined;
  // Most processes never show one, and it takes some megabytes.
  const { default: MarkdownIt } = await import('markdown-it');
  const text = await readFile(new URL(`${name}.md`, FOLDER), 'utf8');
  // The title is the page's already; the pages link to each other by their files.
  const body = text.replace(/^# .*\n/, '').replaceAll(/\]\((\w+)\.md([)#])/g, '](/runbooks/$1$2');
  return new Html(new MarkdownIt().render(body));
}
