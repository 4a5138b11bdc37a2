/** An entry point of an installed Python package, as stevedore finds it. */
export interface EntryPoint {
  readonly group: string;
  readonly name: string;
  /** `package.module:Attribute`. */
  readonly value: string;
}

/** A file that wazo-confgend generates: `asterisk` and `sip.conf`. */
export interface GeneratedFile {
  readonly resource: string;
  readonly filename: string;
}

/** The file that the drivers of a group generate. Source: wazo-confgend, `wazo_confgend.RESOURCE.FILENAME`. */
export function generatedBy(group: string): GeneratedFile | undefined {
  const [, resource, filename] = /^wazo_confgend\.([^.]+)\.(.+)$/.exec(group) ?? [];
  return resource === undefined || filename === undefined ? undefined : { resource, filename };
}

/** Files whose driver `wazo` comes with wazo-confgend. Source: wazo-confgend, setup.py (2026-01). */
const STOCK_DRIVERS = new Set(
  (
    'asterisk.confbridge.conf asterisk.hep.conf asterisk.modules.conf asterisk.musiconhold.conf asterisk.rtp.conf ' +
    'asterisk.pjsip.conf provd.network.yml asterisk.features.conf'
  ).split(' '),
);

/** Whether wazo-confgend itself brings a driver called `wazo` for the file of a group. */
export function hasStockDriver(group: string): boolean {
  const generated = generatedBy(group);
  return generated !== undefined && STOCK_DRIVERS.has(`${generated.resource}.${generated.filename}`);
}

/** The name by which wazo-confgend is asked for a generated file: `asterisk/sip.conf`. */
export function generatedName({ resource, filename }: GeneratedFile): string {
  return `${resource}/${filename}`;
}
