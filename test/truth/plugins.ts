import path from 'node:path';
import { restartInInstall, wdevNow } from '../support/watch.ts';
import { PLUGINS, type PluginName, type Row } from './row.ts';

/** Makes the plugins that rows change, and gives the folder of a row's one. */
export function goods(folder: string): (row: Pick<Row, 'plugin'>) => string {
  const made = new Set<PluginName>();
  return ({ plugin }) => {
    if (!made.has(plugin)) {
      const words = ['new', 'stack', plugin, '--namespace', 'demo', '--part', PLUGINS[plugin], '--yes'];
      const { status, stderr } = wdevNow(words, folder);
      if (status !== 0) throw new Error(stderr);
      // what rows give these services to read is loaded by install, too
      restartInInstall(path.join(folder, plugin), 'wazo-calld', 'wazo-confd');
      made.add(plugin);
    }
    return path.join(folder, plugin);
  };
}
