import type { Effect } from '../wazo/effect.ts';
import { generatedName } from '../wazo/entry-point.ts';

/**
 * pjsip.conf is special: Asterisk includes it with `--cached`, so it would read the text of before again.
 * Source: wazo-asterisk-config, pjsip.d.
 */
const NAME = 'asterisk/pjsip.conf';
const CACHE = `"$R"/var/cache/wazo-confgend/${NAME}`;

/** The text that was just made. */
const MADE = '"$S"/batch/pjsip.conf';

/** The command that makes Asterisk read its pjsip files again. */
export const PJSIP_RELOAD = 'module reload res_pjsip.so';

export function reloadsPjsip(effect: Effect): boolean {
  return effect.do === 'console' && effect.command === PJSIP_RELOAD;
}

/** Whether it generates the file that Asterisk reads from the cache. */
export function makesPjsip(effect: Effect): boolean {
  return effect.do === 'generate' && generatedName(effect) === NAME;
}

/** Forgets the cached text once a new one was made; a failing driver must not lose the last good one. */
export const INVALIDATE = `{ cp ${CACHE} ${MADE} 2>/dev/null; wazo-confgen ${NAME} --invalidate; }`;

/**
 * The text that Asterisk was given, behind the command that `opens` its section: the cache comes back when it asks
 * for the file, piece by piece. It is another text than the one that was made once it stays so for twenty looks. Where
 * no file of Asterisk includes it, the section stays closed.
 */
export function givenScript(opens: string): string {
  const includes = `grep -rqs '^#exec.*wazo-confgen.* *${NAME}' "$R"/etc/asterisk/pjsip.conf "$R"/etc/asterisk/pjsip.d`;
  const look = `__was=$__size; __size=$(wdev_size ${CACHE}); __same=$((__same + 1)); [ "$__size" = "$__was" ] && [ "$__size" != 0 ] || __same=0`;
  const wait = `__looks=0 __same=0 __size=0; until cmp -s ${MADE} ${CACHE} || [ $__same -ge 20 ] || [ $__looks -ge 150 ]; do ${look}; __looks=$((__looks + 1)); sleep 0.05; done`;
  return `if ${includes}; then ${wait}; ${opens}; [ ! -f ${CACHE} ] || cat ${CACHE}; fi`;
}
