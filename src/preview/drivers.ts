import { generatedBy, type EntryPoint, type GeneratedFile } from '../wazo/entry-point.ts';
import type { Plugin } from '../kinds/plugin.ts';
import { entryPointsOf } from '../stage/entry-points.ts';
import type { StagedTree } from '../stage/tree.ts';

/** A plugin as it would be installed. */
export interface PreviewInput {
  readonly plugin: Plugin;
  readonly tree: StagedTree;
}

/** One file that a driver of a plugin generates. */
export interface Driver extends GeneratedFile {
  readonly input: PreviewInput;
  /** Name of the entry point. */
  readonly name: string;
  /** `package.module:Class`. */
  readonly value: string;
  readonly namespace: string;
}

/** The drivers that plugins register, in the order of the files that they generate. */
export function driversOf(inputs: readonly PreviewInput[]): readonly Driver[] {
  return inputs
    .flatMap((input) => entryPointsOf(input.tree).flatMap((entry) => toDriver(input, entry)))
    .sort((a, b) => (a.namespace < b.namespace ? -1 : Number(a.namespace > b.namespace)));
}

function toDriver(input: PreviewInput, { group, name, value }: EntryPoint): readonly Driver[] {
  const generated = generatedBy(group);
  return generated === undefined ? [] : [{ input, ...generated, name, value, namespace: group }];
}
