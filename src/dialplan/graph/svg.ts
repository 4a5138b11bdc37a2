import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import { UserError } from '../../support/errors.ts';
import { withBows } from './bows.ts';
import { nightStyle } from './colours.ts';
import { type DotOptions, dotOf } from './dot.ts';
import { refuseLarge, type Picture } from './picture.ts';

const FONTS = "ui-monospace, 'SF Mono', Menlo, 'DejaVu Sans Mono', Consolas, monospace";

const STYLE = `text{font-family:${FONTS};transform:translateY(2px)}
svg{background:#fdfdfc}
@media screen and (prefers-color-scheme: dark){svg{background:#131417}
${nightStyle()}}`;

/** Boxes, rows and lines that Graphviz is asked to lay out. */
const MOST = 3_000;

/** Milliseconds of processor time that it may take for them: some pictures of few lines take it many times that. */
const LIMIT = 3_500;

/**
 * The picture as one SVG file that loads nothing, for light and dark.
 * @throws UserError `graph-too-large`
 */
export async function svgOf(picture: Picture, options: DotOptions): Promise<string> {
  refuseLarge(picture, MOST);
  return withStyle(withBows(await layout(dotOf(picture, options)), picture));
}

/** Graphviz cannot be interrupted but with the thread that it runs in. */
const THREAD = `const { parentPort, workerData: { viz, dot } } = require('node:worker_threads');
require(viz).instance().then((one) => parentPort.postMessage(one.renderString(dot, { format: 'svg', engine: 'dot' })));`;

/** Graphviz's drawing of a DOT text. */
async function layout(dot: string): Promise<string> {
  const require = createRequire(import.meta.url);
  const viz = require.resolve('@viz-js/viz');
  const before = process.cpuUsage();
  const thread = new Worker(THREAD, { eval: true, workerData: { viz, dot } });
  let clock: NodeJS.Timeout | undefined;
  try {
    return await new Promise<string>((resolve, reject) => {
      thread.once('message', resolve);
      thread.once('error', reject);
      clock = setInterval(() => {
        const { user, system } = process.cpuUsage(before);
        if ((user + system) / 1000 > LIMIT)
          reject(
            new UserError('graph-too-large', 'Graphviz finds no place for so many lines in time', {
              help: 'Name a context behind the path to draw what is around it, or take --format mermaid.',
            }),
          );
      }, 50);
    });
  } finally {
    clearInterval(clock);
    await thread.terminate();
  }
}

function withStyle(svg: string): string {
  return svg
    .replace(/^[\s\S]*?(?=<svg)/, '')
    .replace(/(<svg[^>]*>)/, `$1\n<style>${STYLE}</style>`)
    .replaceAll(' font-family="Courier"', '')
    .replaceAll('<a xlink:href="#"', '<a');
}
