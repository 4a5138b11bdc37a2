/** The kinds of files by their path or address. */

/** Whether a file is one of a dialplan. */
export function isDialplan(file: string): boolean {
  return /(?:^|\/)(?:extensions[^/]*\.conf|extensions(?:_extra)?\.d\/[^/]+)$/.test(file);
}

/** The configuration that another file of Asterisk belongs to: `pjsip` for `pjsip.d/50-acme.conf`. */
export function confOf(file: string): string | undefined {
  if (isDialplan(file)) return undefined;
  return /(?:^|\/)etc\/asterisk\/([a-z_]+)(?:\.conf|\.d\/[^/]+\.conf)$/.exec(file)?.[1];
}

/** The service that reads a file of conf.d. */
export function settingsOf(file: string): string | undefined {
  return /(?:^|\/)etc\/(wazo-[a-z-]+)\/conf\.d\/[^/]+\.yml$/.exec(file)?.[1];
}

/** Whether a file names the entry points of a Python package. */
export function isPackaging(file: string): boolean {
  return /(?:^|\/)(?:setup\.py|setup\.cfg|pyproject\.toml)$/.test(file);
}

export function isPython(file: string): boolean {
  return file.endsWith('.py') && !isPackaging(file);
}

export function isRules(file: string): boolean {
  return /(?:^|\/)wazo\/rules$/.test(file);
}
