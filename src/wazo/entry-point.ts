/** An entry point of an installed Python package, as stevedore finds it. */
export interface EntryPoint {
  readonly group: string;
  readonly name: string;
  /** `package.module:Attribute`. */
  readonly value: string;
}

/** A file that wazo-confgend generates: `asterisk` and `pjsip.conf`. */
export interface GeneratedFile {
  readonly resource: string;
  readonly filename: string;
}

/** The file that the drivers of a group generate. Source: wazo-confgend, `wazo_confgend.RESOURCE.FILENAME`. */
export function generatedBy(group: string): GeneratedFile | undefined {
  const [, resource, filename] = /^wazo_confgend\.([^.]+)\.(.+)$/.exec(group) ?? [];
  return resource === undefined || filename === undefined ? undefined : { resource, filename };
}

/** The name by which wazo-confgend is asked for a generated file: `asterisk/pjsip.conf`. */
export function generatedName({ resource, filename }: GeneratedFile): string {
  return `${resource}/${filename}`;
}
