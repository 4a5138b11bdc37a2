import path from 'node:path';
import { installedHome } from '../wazo/names.ts';
import { rulesLine } from '../readers/shell/rules-text.ts';
import { withFields } from '../git/content.ts';
import { rulesOf, type SourceListing } from '../git/sources.ts';
import { learnProvenance } from '../stage/provenance.ts';
import { traceRules } from '../stage/trace.ts';
import type { StagedFile } from '../stage/tree.ts';
import { readTree, type Workspace } from '../stage/workspace.ts';
import { closedFolders } from '../support/remove-folder.ts';
import type { Finding } from '../findings/finding.ts';
import { aptSourceFindings } from './apt-sources.ts';
import type { Metadata } from '../kinds/plugin-metadata.ts';
import { FAKEROOT } from './package-steps.ts';
import { looksIncomplete, wholenessFindings } from './wholeness.ts';

/** Every file that the package installs, with the source that it is a copy of. */
export async function packagedFiles(
  workspace: Workspace,
  sources: SourceListing,
): Promise<readonly StagedFile[]> {
  const files = (await readTree(workspace.pkgdir)).filter((file) => !file.path.startsWith('/DEBIAN/'));
  const learned = learnProvenance(sources, files);
  return files.map((file) => {
    const source = learned.get(file.path);
    return source === undefined ? file : withFields(file, { source });
  });
}

interface Judged {
  readonly files: readonly StagedFile[];
  readonly metadata: Metadata;
  readonly stderr: string;
  /** Whether a trace with this machine's tools is true of the build. */
  readonly traced: boolean;
}

/** Reports faults of a package whose steps all ended well. */
export async function packageFindings(
  workspace: Workspace,
  sources: SourceListing,
  { files, metadata, stderr, traced }: Judged,
): Promise<readonly Finding[]> {
  const own = `${installedHome(metadata)}/wazo/`;
  const contents = { sources, files: files.filter((file) => !file.path.startsWith(own)), stderr };
  const trace =
    traced && looksIncomplete(contents)
      ? await traceRules(sources, ['build', 'package'], FAKEROOT)
      : undefined;
  const closed = closedFolders(workspace.source);
  return [
    ...wholenessFindings(contents, trace),
    ...aptSourceFindings(files),
    ...closed.slice(0, 1).map((folder) => cleaningFinding(sources, path.relative(workspace.source, folder))),
  ];
}

function cleaningFinding(sources: SourceListing, folder: string): Finding {
  return {
    code: 'build-leaves-read-only-folder',
    level: 'error',
    message: `Folder "${folder}/" is left read-only, so wazo-plugind cannot remove the build`,
    file: 'wazo/rules',
    line: rulesLine(rulesOf(sources), /chmod|^(?=(.*?(?:install|mkdir) ))\1.*-m|cp -\w*[ap]/) ?? 1,
    help: `Run chmod u+w ${folder} at the end of the step. To set modes in the package, change the files in $pkgdir only.`,
    source: 'wazo-plugind, cleaning step',
  };
}
