// Preloaded by node --import: writes the address of each module that is loaded, also by require(), to $WDEV_MODULES
import { appendFileSync } from 'node:fs';
import { createRequire, register } from 'node:module';

const file = process.env['WDEV_MODULES'];

const hooks = `
  import { appendFileSync } from 'node:fs';
  export async function load(url, context, next) {
    if (url.startsWith('file:')) appendFileSync(${JSON.stringify(file)}, url + '\\n');
    return await next(url, context);
  }`;
register(`data:text/javascript,${encodeURIComponent(hooks)}`);

process.on('exit', () => {
  const required = Object.keys(createRequire(import.meta.url).cache);
  appendFileSync(file, required.map((name) => `file://${name}\n`).join(''));
});
