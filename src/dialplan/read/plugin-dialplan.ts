import type { LoadedDialplan } from './dialplan.ts';
import type { DialplanFile } from '../lint/add.ts';
import { EXTENSIONS_CONF, loadDialplan } from './load.ts';
import { byBytes, memorySource } from './source.ts';
import { withStock } from './stock-sections.ts';

const EXTRA = '/etc/asterisk/extensions_extra.d/';

/**
 * Loads the dialplan files of plugins as a stack does: those of `extensions_extra.d` through one glob, others by
 * name. With an `extensions.conf` among them, that is where Asterisk begins.
 */
export function loadPluginDialplan(files: readonly DialplanFile[]): LoadedDialplan {
  const texts = new Map<string, string | Uint8Array>(files.map((file) => [file.installed, file.content]));
  if (texts.has(EXTENSIONS_CONF)) return loadDialplan(memorySource(texts));
  const others = files.map((file) => file.installed).filter((name) => !name.startsWith(EXTRA));
  const entry = [`#tryinclude extensions_extra.d/*`, ...others.map((name) => `#tryinclude ${name}`)].join(
    '\n',
  );
  const inOrder = [...files].sort((a, b) => byBytes(a.installed, b.installed));
  return loadDialplan(memorySource(withStock(inOrder, `[general]\n${entry}\n`)));
}
