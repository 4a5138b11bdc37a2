/**
 * pjsip.conf is special: Asterisk includes it with `--cached`, so it would read the text of before again.
 * Source: wazo-asterisk-config, pjsip.d.
 */
const NAME = 'asterisk/pjsip.conf';
const CACHE = `"$R"/var/cache/wazo-confgend/${NAME}`;

/** The command that makes Asterisk read its pjsip files again. */
export const PJSIP_RELOAD = 'module reload res_pjsip.so';

/** Whether a generated file is the one that Asterisk reads from the cache. */
export function isPjsip(effect: { readonly resource: string; readonly filename: string }): boolean {
  return `${effect.resource}/${effect.filename}` === NAME;
}

/** Forgets the cached text once a new one was made; a failing driver must not lose the last good one. */
export function invalidateScript(): string {
  return `[ ! ${CACHE} -nt "$S/asked" ] || wazo-confgen ${NAME} --invalidate`;
}

/**
 * Sections of what Asterisk got: the cache comes back when it asked for the file. `fresh` says that some file of
 * Asterisk includes it at all.
 */
export function readBackScript(index: number): string {
  const includes = `grep -rqs '^#exec.*wazo-confgen.* *${NAME}' "$R"/etc/asterisk/pjsip.conf "$R"/etc/asterisk/pjsip.d`;
  const wait = `__i=0; while [ ! -s ${CACHE} ] && [ $__i -lt 60 ]; do sleep 0.05; __i=$((__i + 1)); done`;
  return `if ${includes}; then ${wait}; wdev_section was:${index}; [ ! -f ${CACHE} ] || cat ${CACHE}; wdev_section fresh:${index}; echo yes; fi`;
}
