import type { Argument, Option } from 'commander';

/** An argument as a usage line has it. */
export function bracketed(argument: Argument): string {
  const text = argument.variadic ? `${argument.name()}...` : argument.name();
  return argument.required ? `<${text}>` : `[${text}]`;
}

/** The value that stands for a flag or an argument that is not given, in words; undefined when there is none. */
export function defaultText({
  defaultValue,
  defaultValueDescription,
}: Option | Argument): string | undefined {
  if (defaultValueDescription !== undefined) return defaultValueDescription;
  if (defaultValue === '.') return 'this folder';
  return typeof defaultValue === 'string' || typeof defaultValue === 'number'
    ? String(defaultValue)
    : undefined;
}
