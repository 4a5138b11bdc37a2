import { createHash } from 'node:crypto';
import path from 'node:path';
import { packageRoot } from '../support/paths.ts';
import { readText } from '../support/read-file.ts';
import type { DialplanPicture } from './picture.ts';
import type { PageModel } from './model.ts';

/** The head of the page. */
export interface PageData {
  readonly model: PageModel;
  /** Whether events follow; a report is whole. */
  readonly isLive: boolean;
  /** Pictures by plugin, of a report. */
  readonly pictures: Readonly<Record<string, DialplanPicture>>;
}

export interface PageDocument {
  readonly html: string;
  /** The Content-Security-Policy: the page runs its own script alone, and loads nothing. */
  readonly policy: string;
}

/** The page as one file that loads nothing. `npm run build` makes its script and style. */
export function pageDocument(data: PageData): PageDocument {
  const script = built('page.js');
  const style = built('page.css');
  const policy = [
    "default-src 'none'",
    `script-src ${hash(script)}`,
    "style-src 'unsafe-inline'",
    ...(data.isLive ? ["connect-src 'self'"] : []),
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  const json = JSON.stringify(data).replaceAll('<', String.raw`\u003c`);
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>wdev watch</title>
<style>${style}</style>
</head>
<body>
<div id="page"></div>
<script id="data" type="application/json">${json}</script>
<script>${script}</script>
</body>
</html>
`;
  return { html, policy };
}

function built(name: string): string {
  return readText(path.join(packageRoot(), 'dist/live', name));
}

function hash(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}
