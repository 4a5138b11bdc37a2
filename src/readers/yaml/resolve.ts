/** The type that PyYAML gives a scalar without a tag: YAML 1.1 with PyYAML's own choices (resolver.py). */

export const CORE = 'tag:yaml.org,2002:';

/** Python's `$` also holds before a line break at the end. */
const RESOLVERS: readonly (readonly [name: string, pattern: RegExp])[] = [
  ['bool', /^(?:yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)\n?$/],
  [
    'float',
    /^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))\n?$/,
  ],
  [
    'int',
    /^(?:[-+]?0b[0-1_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+)\n?$/,
  ],
  ['merge', /^<<\n?$/],
  ['null', /^(?:(?:~|null|Null|NULL)\n?)?$/],
  [
    'timestamp',
    /^(?:[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]*)?(?:[ \t]*(?:Z|[-+][0-9]{1,2}(?::[0-9]{2})?))?)\n?$/,
  ],
  ['value', /^=\n?$/],
  ['yaml', /^[!&*]\n?$/],
];

/** `isImplicit`: written without quotes, or tagged with `!`. */
export function resolveTag(value: string, isImplicit: boolean): string {
  const found = isImplicit ? RESOLVERS.find(([, pattern]) => pattern.test(value)) : undefined;
  return CORE + (found?.[0] ?? 'str');
}
