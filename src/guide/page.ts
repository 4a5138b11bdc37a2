import path from 'node:path';
import { packageRoot } from '../support/paths.ts';
import { escapeHtml, type Section } from './html.ts';
import { readText } from '../support/read-file.ts';

export interface PageData {
  readonly title: string;
  readonly version: string;
  readonly sections: readonly Section[];
}

/** The whole guide as one file: nothing is loaded from anywhere. */
export function guidePage({ title, version, sections }: PageData): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)}</title>
<style>
${asset('guide.css')}</style>
</head>
<body>
<a class="skip" href="#content">Skip to the content</a>
<header>
<p class="name">${escapeHtml(title)} <span class="quiet">${escapeHtml(version)}</span></p>
<form role="search"><label for="search">Search</label>
<input id="search" type="search" autocomplete="off" placeholder="a flag, part, rule … ( / )" aria-describedby="found">
<output id="found" for="search"></output></form>
</header>
<div class="columns">
<nav aria-label="Contents"><details open><summary>Contents</summary>
<ul>${sections.map(navigation).join('\n')}</ul></details></nav>
<main id="content" tabindex="-1">
${sections.map(({ id, title, html }) => `<section id="${id}"><h2>${escapeHtml(title)}</h2>\n${html}\n</section>`).join('\n')}
</main>
</div>
<script>
${asset('guide.js')}</script>
</body>
</html>
`;
}

function navigation({ id, title, parts }: Section): string {
  const below = (parts ?? []).map((part) => `<li><a href="#${part.id}">${escapeHtml(part.title)}</a></li>`);
  return `<li><a href="#${id}">${escapeHtml(title)}</a>${below.length === 0 ? '' : `<ul>${below.join('')}</ul>`}</li>`;
}

function asset(name: string): string {
  return readText(path.join(packageRoot(), 'src/guide/assets', name));
}
