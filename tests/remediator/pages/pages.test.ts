import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createTempFolder, type TempFolder } from '../../../lab/parts/temp-folder.ts';
import { runbookNames } from '../../../remediator/pages/runbooks.ts';
import { makeAlert } from '../alerts.ts';
import { hostileTexts } from '../hostile-texts.ts';
import { startRemediator, type RunningRemediator } from '../process/running-remediator.ts';

let folder: TempFolder;
let remediator: RunningRemediator;
beforeAll(async () => {
  folder = await createTempFolder('steward-pages');
  remediator = await startRemediator({ folder: folder.path, inventory: {} });
  const labels = Object.fromEntries(hostileTexts.map((text, index) => [`label_${index}`, text]));
  await remediator.deliver(
    makeAlert({ alertname: 'SiteDown', instance: '<script>alert(1)</script>', ...labels }),
  );
  await remediator.untilRun(({ reason }) => reason !== null);
});
afterAll(async () => {
  await remediator.process.stop();
  await folder.remove();
});

function get(path: string, password = 'remediator-password'): Promise<Response> {
  const authorization = `Basic ${Buffer.from(`steward:${password}`).toString('base64')}`;
  return fetch(`${remediator.url}${path}`, { headers: { authorization } });
}

/** The names of the elements of a page. */
function elementsOf(page: string): Set<string> {
  return new Set([...page.matchAll(/<([a-z0-9]+)/gi)].map(([, name = '']) => name.toLowerCase()));
}

describe('the pages', () => {
  test.each(['/', '/style.css', '/runs/x', '/alerts/a1', '/runbooks', '/runbooks/SiteDown', '/nothing'])(
    '%s asks for a login',
    async (path) => {
      expect((await get(path, 'wrong')).status).toBe(401);
      expect((await fetch(`${remediator.url}${path}`)).status).toBe(401);
    },
  );

  test('the first shows each run, whatever its labels hold as the text it is', async () => {
    const answer = await get('/');
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
    const page = await answer.text();
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(elementsOf(page)).not.toContain('script');
  });

  test('that of a run shows its events and labels, all of them inert, and leads to its runbook', async () => {
    const [run] = await remediator.runs();
    const page = await (await get(`/runs/${run?.id ?? ''}`)).text();
    expect(page).toContain('received');
    expect(page).toContain('href="/runbooks/SiteDown"');
    expect([...elementsOf(page)].sort()).toEqual(
      [
        'a',
        'body',
        'h1',
        'h2',
        'head',
        'html',
        'link',
        'main',
        'meta',
        'nav',
        'p',
        'pre',
        'table',
        'td',
        'th',
        'time',
        'title',
        'tr',
      ].filter((name) => page.includes(`<${name}`)),
    );
    expect(page).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e\u200b]/);
  });

  test('that of an alert leads to its newest run, and to the first page where it has none', async () => {
    const [run] = await remediator.runs();
    const location = async (path: string) => {
      const authorization = `Basic ${Buffer.from('steward:remediator-password').toString('base64')}`;
      const answer = await fetch(`${remediator.url}${path}`, {
        headers: { authorization },
        redirect: 'manual',
      });
      return [answer.status, answer.headers.get('location')];
    };
    expect(await location('/alerts/a1')).toEqual([303, `/runs/${run?.id ?? ''}`]);
    for (const other of ['a2', 'A1', "a1'", '%00', '__proto__'])
      expect(await location(`/alerts/${other}`)).toEqual([303, '/']);
  });

  test('there is a runbook for each alert, with links to the others', async () => {
    for (const name of await runbookNames()) {
      const answer = await get(`/runbooks/${name}`);
      expect({ name, status: answer.status }).toEqual({ name, status: 200 });
      const page = await answer.text();
      expect(page).not.toMatch(/href="[^"]*\.md/);
      for (const [, other = ''] of page.matchAll(/href="\/runbooks\/([^"#]+)/g)) {
        expect(await runbookNames()).toContain(other);
      }
    }
    expect(await (await get('/runbooks')).text()).toContain('href="/runbooks/SiteDown"');
  });

  test.each([
    '/runbooks/README',
    '/runbooks/..%2Fsecurity',
    '/runbooks/%00',
    '/runbooks/constructor',
    '/runs/no-such-run',
  ])('%s is not there', async (path) => {
    expect((await get(path)).status).toBe(404);
  });
});
