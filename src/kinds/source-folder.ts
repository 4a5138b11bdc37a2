import { readdirSync, type Dirent } from 'node:fs';
import path from 'node:path';
import { readManifest } from '../readers/yaml/manifest.ts';
import { UserError, messageOf } from '../support/errors.ts';
import { lstatOf, statOf } from '../support/stat.ts';
import { readText } from '../support/read-file.ts';

/** A file of a folder went after the folder was listed: what was read of it is of no use. */
export class GoneWhileRead extends Error {}

/** A folder that may hold a plugin, listed once and read when asked. */
export class SourceFolder {
  readonly dir: string;
  /** Empty where the folder cannot be listed. */
  readonly entries: readonly Dirent[];
  readonly #names: ReadonlySet<string>;

  constructor(dir: string) {
    this.dir = dir;
    this.entries = list(dir);
    this.#names = new Set(this.entries.map(({ name }) => name));
  }

  get name(): string {
    return path.basename(this.dir);
  }

  /** Whether a path is there, relative to the folder. */
  has(file: string): boolean {
    const [top = ''] = file.split('/');
    return this.#names.has(top) && (top === file || statOf(path.join(this.dir, file)) !== undefined);
  }

  /** Names in a folder of it; none where it is not there. */
  below(name: string): readonly string[] {
    return this.#names.has(name) ? list(path.join(this.dir, name)).map((entry) => entry.name) : [];
  }

  /** @throws UserError `file-unreadable`, GoneWhileRead */
  text(file: string): string {
    const full = path.join(this.dir, file);
    try {
      return readText(full);
    } catch (error) {
      if (error instanceof UserError) throw error;
      if (lstatOf(full) === undefined) throw new GoneWhileRead(full);
      throw new UserError('file-unreadable', `${full} cannot be read: ${messageOf(error)}`);
    }
  }

  /** Top-level scalars of a manifest; none where it is not there. */
  fields(file: string): ReadonlyMap<string, string> {
    return this.has(file) ? readManifest(this.text(file)).fields : new Map();
  }
}

function list(dir: string): readonly Dirent[] {
  try {
    return readdirSync(dir, { withFileTypes: true });
  } catch {
    return [];
  }
}
