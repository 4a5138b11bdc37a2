import type { ListedFile } from './list-files.ts';

/** The files as an indented tree, one line each, folders first said once; an executable file has a star. */
export function fileTree(files: readonly ListedFile[]): readonly string[] {
  const lines: string[] = [];
  let open: readonly string[] = [];
  for (const file of files) {
    const folders = file.path.split('/');
    const name = folders.pop() ?? '';
    let depth = 0;
    while (depth < folders.length && open[depth] === folders[depth]) depth += 1;
    for (; depth < folders.length; depth += 1) lines.push(`${'  '.repeat(depth + 1)}${folders[depth]}/`);
    lines.push(`${'  '.repeat(folders.length + 1)}${name}${(file.mode & 0o111) === 0 ? '' : '*'}`);
    open = folders;
  }
  return lines;
}
