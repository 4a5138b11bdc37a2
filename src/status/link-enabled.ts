import type { EntryPoint } from '../wazo/entry-point.ts';
import { SERVICES } from '../wazo/services.ts';
import { readSettings, settingOf, type Setting } from '../readers/service-settings.ts';
import { enablingKey, type EnablingKey } from '../wazo/groups.ts';
import { broken, none, ok, several, type Judgement } from './link.ts';
import type { TargetFactsForWhy } from './why-target.ts';

/** Whether the settings that stand on the target let the services and Asterisk take the plugin. */
export function judgeEnabled(facts: TargetFactsForWhy): Judgement {
  const { entryPoints, plugin } = facts;
  const unread = unreadFile(facts);
  if (unread !== undefined) return unread;
  const wanted = entryPoints.flatMap((entry) => {
    const key = enablingKey(entry);
    return key === undefined ? [] : [{ entry, key }];
  });
  for (const { entry, key } of wanted) {
    const setting = settingOf(facts.settings.get(key.service) ?? [], key.keys);
    const problem = judgeSetting(facts, entry, key, setting);
    if (problem !== undefined) return problem;
  }
  if (plugin.callLogger?.launcher !== undefined) return ok('its own launcher chooses it');
  if (plugin.callLogger !== undefined) return judgeChosen(facts, plugin.callLogger.className);
  const names = wanted.map(({ entry }) => entry.name);
  if (facts.needs.dialplan.length > 0) names.push('Asterisk reads its dialplan files');
  return names.length === 0 ? none('nothing that has to be enabled') : ok(several(names));
}

/** Files whose name or place keeps their readers from them. */
function unreadFile({ paths, tree, needs, includesExtra }: TargetFactsForWhy): Judgement | undefined {
  for (const path of paths) {
    const why = unread(path);
    const place = { file: tree.get(path)?.source ?? path };
    if (why !== undefined) return broken(`nothing reads ${path}: ${why}`, 'Give it another name.', place);
    const settings = /^\/etc\/wazo-[a-z-]+\/conf\.d\/[^/]+\.yml$/.test(path);
    const read = settings ? readSettings(tree.get(path)?.bytes.toString('utf8') ?? '') : undefined;
    if (read?.ok === false) {
      return broken(`${path} is not YAML, so it is skipped: ${read.reason}`, 'Correct that line.', {
        ...place,
        line: read.line,
      });
    }
  }
  const extra = needs.dialplan.find((path) => path.startsWith('/etc/asterisk/extensions_extra.d/'));
  if (extra === undefined || includesExtra) return undefined;
  return broken(
    "nothing in the target's /etc/asterisk includes extensions_extra.d",
    'It is not a Wazo server. In extensions.conf there: #include extensions_extra.d/*',
    { file: '/etc/asterisk/extensions.conf' },
  );
}

/** Source: the #include lines of a Wazo server, and the services' reading of conf.d. */
function unread(path: string): string | undefined {
  const asterisk = /^\/etc\/asterisk\/([^/]+\.d)\/([^/]+)$/.exec(path);
  const [, folder = '', name = ''] = asterisk ?? [];
  if (asterisk !== null && name.startsWith('.')) return 'Asterisk takes no dot files';
  if (asterisk !== null && folder !== 'extensions_extra.d' && !name.endsWith('.conf')) {
    return `Asterisk takes only *.conf of ${folder}`;
  }
  const unit = /^\/etc\/(wazo-[a-z-]+)\/conf\.d\/(?!.*\.yml$)[^/]+$/.exec(path)?.[1];
  return SERVICES.some((service) => service.unit === unit) ? `${unit} reads only *.yml of conf.d` : undefined;
}

function judgeSetting(
  { tree }: TargetFactsForWhy,
  { name }: EntryPoint,
  { service, keys, value }: EnablingKey,
  setting: Setting,
): Judgement | undefined {
  const key = keys.join(': ');
  if (setting.state === 'absent') {
    const wanted = value === undefined ? `${key}: true` : `${key}: ${value}`;
    return broken(
      `no settings of ${service} enable ${name}`,
      `In etc/${service}/conf.d/50-${name}.yml: ${wanted}`,
    );
  }
  const place = { file: tree.get(setting.path)?.source ?? setting.path };
  if (setting.state === 'hidden') {
    return broken(
      `${setting.key} in ${setting.path} holds no mapping, which hides every other file`,
      `Put names below ${setting.key}, or take the line out.`,
      place,
    );
  }
  const on = value === undefined ? setting.value : [setting.value].flat().includes(value);
  if (on) return undefined;
  return broken(
    `${setting.path} sets ${key} to ${JSON.stringify(setting.value)}`,
    'The first file by name wins: correct it there, or give yours a name before it.',
    place,
  );
}

/** The call logger runs one plugin, which its user's settings name. Source: quartx_call_logger 0.1, settings. */
function judgeChosen({ settings }: TargetFactsForWhy, className: string): Judgement {
  const setting = settingOf(settings.get('call-logger') ?? [], ['settings', 'plugin']);
  if (setting.state === 'set' && setting.value !== className) {
    return broken(
      `the call logger is set to run ${String(setting.value)}`,
      `In ${setting.path}, below settings: plugin: ${className}`,
      { file: setting.path },
    );
  }
  return ok(setting.state === 'set' ? `${className} is chosen` : 'no settings choose another plugin');
}
