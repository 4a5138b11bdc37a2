import path from 'node:path';

/** Of the call logger: quartx_call_logger 0.1, quartx_call_logger 0.2, calllogger 2. */
export const CALL_LOGGER_GENERATIONS = ['1', '1b', '2'] as const;

export type CallLoggerGeneration = (typeof CALL_LOGGER_GENERATIONS)[number];

export interface CallLoggerManifest {
  readonly name: string;
  readonly version: string;
  /** Path of the plugin's module, relative to the plugin's folder. */
  readonly module: string;
  /** Exact name of its class; the settings block has the same name. */
  readonly className: string;
  /** Path of the YAML file with the settings block, or of generation 2's environment file, relative to it too. */
  readonly settings: string;
  readonly generation: CallLoggerGeneration;
  /** Package that registers the class and starts the call logger; of generation 2 only. */
  readonly launcher?: string;
}

/** The file that says what of a folder belongs into the call logger's package. */
export const CALL_LOGGER_MANIFEST = 'call-logger-plugin.yml';

/** The fields of `call-logger-plugin.yml` as a manifest; undefined when one lacks. */
export function parseCallLogger(fields: ReadonlyMap<string, string>): CallLoggerManifest | undefined {
  const [name, version, module] = [fields.get('name'), fields.get('version') ?? '', fields.get('module')];
  const [className, settings] = [fields.get('class'), fields.get('settings')];
  if (name === undefined || module === undefined || className === undefined || settings === undefined)
    return undefined;
  const generation = CALL_LOGGER_GENERATIONS.find((one) => one === fields.get('generation')) ?? '1';
  const launcher = generation === '2' ? (fields.get('launcher') ?? path.posix.dirname(module)) : undefined;
  return {
    name,
    version,
    module,
    className,
    settings,
    generation,
    ...(launcher === undefined ? {} : { launcher }),
  };
}

/** Variables of an environment file, as systemd reads it: NAME=value, lines with # or ; say nothing. */
export function readEnvironment(text: string): ReadonlyMap<string, string> {
  const lines = text.split('\n').flatMap((line) => {
    const [, name, value = ''] = /^([A-Za-z_]\w*)=(.*)$/s.exec(line.trim()) ?? [];
    return name === undefined ? [] : [[name, value.replace(/^(["'])(.*)\1$/, '$2')] as const];
  });
  return new Map(lines);
}

const NO_NEWLINE = ' (the line before had no end)';

function borders(name: string): { begin: string; end: string } {
  return { begin: `# >>> ${name}`, end: `# <<< ${name}` };
}

/**
 * `defaults.yml` with a plugin's settings at its end, between two comment lines, in place of those of an
 * earlier installation. Every other byte of the file stays. The borders are those of the plugin's own
 * installer.
 */
export function mergeSettings(defaults: string, name: string, block: string): string {
  const rest = removeSettings(defaults, name);
  const { begin, end } = borders(name);
  const complete = rest === '' || rest.endsWith('\n');
  const settings = block.endsWith('\n') ? block : `${block}\n`;
  return complete
    ? `${rest}${begin}\n${settings}${end}\n`
    : `${rest}\n${begin}${NO_NEWLINE}\n${settings}${end}\n`;
}

/** `defaults.yml` as it was before the plugin's settings were merged into it. */
export function removeSettings(defaults: string, name: string): string {
  const { begin, end } = borders(name);
  return cut(cut(defaults, `\n${begin}${NO_NEWLINE}\n`, `\n${end}\n`), `${begin}\n`, `\n${end}\n`);
}

/** Takes out what stands from `from` (at a line's start, or a newline itself) up to and with `to`. */
function cut(text: string, from: string, to: string): string {
  const at =
    from.startsWith('\n') || text.startsWith(from) ? text.indexOf(from) : text.indexOf(`\n${from}`) + 1;
  if (at < 0 || !text.startsWith(from, at)) return text;
  const end = text.indexOf(to, at + from.length - 1);
  return end < 0 ? text : text.slice(0, at) + text.slice(end + to.length);
}

/** Whether the settings of another plugin already have this key. */
export function settingsTaken(defaults: string, name: string, className: string): boolean {
  return removeSettings(defaults, name)
    .split('\n')
    .some((line) => line.startsWith(`${className}:`) || line.startsWith(`${className} :`));
}
