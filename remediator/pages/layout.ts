import type { Response } from 'express';
import { html, type Html } from './html.ts';

/** Nothing is loaded but the style sheet, nothing runs, and no other page can frame this one. */
const POLICY =
  "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** Sends a page. */
export function sendPage(response: Response, title: string, body: Html): void {
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} - Steward</title>
        <link rel="stylesheet" href="/style.css" />
      </head>
      <body>
        <nav><a href="/">Steward</a> <a href="/runbooks">Runbooks</a></nav>
        <main>
          <h1>${title}</h1>
          ${body}
        </main>
      </body>
    </html> `;
  response.set({
    // A web configuration may have set another one.
    'content-security-policy': response.get('content-security-policy') ?? POLICY,
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
  });
  response.type('html').send(page.text);
}

/** The style of all pages. */
export const STYLE = `:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { margin: 0 auto; max-width: 60rem; padding: 0 1rem 3rem; }
nav { display: flex; gap: 1rem; padding: 1rem 0; }
h1 { font-size: 1.5rem; overflow-wrap: anywhere; }
h2 { font-size: 1.2rem; }
table { border-collapse: collapse; display: block; overflow-x: auto; }
th, td { border-bottom: 1px solid #8884; padding: 0.3rem 0.8rem 0.3rem 0; text-align: left; vertical-align: top; }
pre { background: #8882; overflow-x: auto; padding: 0.5rem; white-space: pre-wrap; overflow-wrap: anywhere; }
code { background: #8882; }
.verified { color: #1a7f37; }
.failed, .rolled_back { color: #cf222e; }
.blocked, .awaiting_approval { color: #9a6700; }
`;
