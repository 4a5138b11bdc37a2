import { readdirSync } from 'node:fs';
import path from 'node:path';
import { packageRoot } from '../support/paths.ts';
import { readText } from '../support/read-file.ts';
import { slug, type Section } from './html.ts';
import { markdownToHtml } from './markdown.ts';

/** The recipes: one Markdown file each, whose commands a test runs. */
export function recipeSection(): Section {
  const folder = path.join(packageRoot(), 'src/guide/recipes');
  const texts = readdirSync(folder)
    .toSorted()
    .map((name) => readText(path.join(folder, name)));
  const titles = texts.map((text) => text.slice(0, text.indexOf('\n')).replace(/^#+ */, ''));
  return {
    id: 'recipes',
    title: 'Recipes',
    html: `<p>Each recipe begins in an empty folder. The commands <em>on a server</em> need a Wazo server of yours, or a stack.</p>\n${texts
      .map((text) => markdownToHtml(text, 'recipe'))
      .join('\n')}`,
    parts: titles.map((title) => ({ id: slug('recipe', title), title })),
  };
}
