/**
 * The contexts of wazo-asterisk-config and wazo-confgend in the dialplan of a Wazo Platform stack, as far as plugins
 * meet it. Their contexts begin with `wazo-` or `xivo-`, but for these.
 */
const OTHER_CONTEXTS: readonly string[] = (
  'default user group queue did outcall paging forward ivr conference switchboard voicemail schedule agent ' +
  'parkedcalls contextlib usersharedlines queueskill error-invalid hangup'
).split(' ');

/** Opened by extensions_extra.d/xivo-extrafeatures.conf, and by no other file of a server. */
export const EXTRA_FEATURES = 'xivo-extrafeatures';

/** Opened before the files of plugins are read: settings, and what wazo-confgend generates on every server. */
const BEFORE_PLUGINS: ReadonlySet<string> = new Set([
  'general',
  'globals',
  'default',
  'xivo-features',
  'wazo-meeting-user',
  'wazo-callbackdisa',
]);

/** Whether every file of a plugin finds the section open, so that it can add to it by `[name](+)`. */
export function isBeforePlugins(name: string): boolean {
  return BEFORE_PLUGINS.has(name);
}

/** Entered by dialling: included in the generated contexts of type internal. */
export const DIALLED_CONTEXTS: readonly string[] = ['xivo-features', EXTRA_FEATURES, 'wazo-meeting-user'];

/** The stack calls these by Gosub when a plugin has them: one for the whole system. */
const HOOK = /^(?:xivo|wazo)-subr(?:gbl|fwd|in|out)?-[\w-]+$/;

export function isStockContext(name: string): boolean {
  return /^(?:wazo|xivo)-/.test(name) || OTHER_CONTEXTS.includes(name);
}

export function isHookContext(name: string): boolean {
  return HOOK.test(name);
}

/** Stock contexts that plugins add extensions to. */
export function isOpenContext(name: string): boolean {
  return DIALLED_CONTEXTS.includes(name) || name === 'default';
}
