import type { StagedFile } from '../stage/tree.ts';

/** A file of a batch under the name that it has until it is renamed into place. */
export interface Placement {
  readonly file: StagedFile;
  /** Temporary path in the folder of `file.path`; the path itself for an empty folder. */
  readonly temporary: string;
}

export function placements(files: readonly StagedFile[]): readonly Placement[] {
  return files.map((file, index) => {
    const folder = file.path.slice(0, file.path.lastIndexOf('/'));
    // a dot file: extensions_extra.d/* would load anything else
    return { file, temporary: file.folder === true ? file.path : `${folder}/.wdev-new-${index}` };
  });
}

/** The tar archive that carries a batch to the target, names relative to the root. */
export async function pack(placed: readonly Placement[]): Promise<Uint8Array> {
  const tar = await import('tar-stream');
  const archive = tar.pack();
  const chunks: Buffer[] = [];
  archive.on('data', (chunk) => void chunks.push(chunk as Buffer));
  const ended = new Promise<void>((resolve, reject) => {
    archive.on('end', resolve);
    archive.on('error', reject);
  });
  for (const { file, temporary } of placed) {
    const header = {
      name: temporary.slice(1),
      mode: file.mode,
      uid: 0,
      gid: 0,
      uname: 'root',
      gname: 'root',
    };
    if (file.folder === true) archive.entry({ ...header, type: 'directory' });
    else if (file.link !== undefined) archive.entry({ ...header, type: 'symlink', linkname: file.link });
    else archive.entry(header, file.bytes);
  }
  archive.finalize();
  await ended;
  return Buffer.concat(chunks);
}
