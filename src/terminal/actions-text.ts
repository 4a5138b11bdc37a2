/** Names of a folder that are shown. */
const NAMED = 8;

/** Files by their folder, since there may be hundreds; other actions as they are. */
export function byFolder(actions: readonly string[]): readonly string[] {
  const folders = new Map<string, string[]>();
  const others: string[] = [];
  for (const action of actions) {
    const does = /^(?:put|remove) (?=\/)/.exec(action)?.[0].trim();
    const end = action.lastIndexOf('/');
    const [folder, name] = [action.slice((does ?? '').length + 1, end), action.slice(end + 1)];
    if (does === undefined || folder === '') others.push(action);
    else folders.set(`${does} ${folder}/`, [...(folders.get(`${does} ${folder}/`) ?? []), name]);
  }
  const lines = [...folders].map(([folder, names]) => {
    const more = names.length > NAMED ? `, and ${names.length - NAMED} more` : '';
    if (names.length === 1) return `${folder}${names[0]}`;
    return `${folder}: ${names.slice(0, NAMED).join(', ')}${more}`;
  });
  return [...lines, ...others];
}
