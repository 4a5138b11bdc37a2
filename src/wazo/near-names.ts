/** The two files that wazo-plugind asks for by name. */
export type AskedFile = 'wazo/plugin.yml' | 'wazo/rules';

/** Names that people give them instead, in their folder or beside it. */
const NEAR: Readonly<Record<AskedFile, RegExp>> = {
  'wazo/plugin.yml': /^(?:wazo\/)?(?:plugins?|manifest)(?:\.ya?ml)?(?:\.(?:txt|sample|example|dist))?$/i,
  'wazo/rules': /^(?:wazo\/)?rules?(?:\.(?:sh|bash|txt|mk))?$/i,
};

/** The file that is most likely meant where one of them is not there: in its folder first. */
export function nearName(asked: AskedFile, names: Iterable<string>): string | undefined {
  const near = [...names].filter((name) => name !== asked && NEAR[asked].test(name));
  return near.sort((a, b) => Number(b.startsWith('wazo/')) - Number(a.startsWith('wazo/')))[0];
}

/** The remedy for such a file. */
export function renameHelp(asked: AskedFile, near: string): string {
  return `Rename it: git mv ${near} ${asked}`;
}
