/** Reports the faults of a template to its author: in the manifest, its questions, and the files that sample answers make. */

import path from 'node:path';
import { UserError } from '../support/errors.ts';
import { rowOf } from '../findings/catalogue.ts';
import type { Finding } from '../findings/finding.ts';
import { lintQuestions } from './lint-questions.ts';
import { loadTemplate } from './load.ts';
import { parseProblems, type MadeFile } from './lint-files.ts';
import { render } from './render.ts';
import { variations } from './sample-answers.ts';
import type { Template } from './template.ts';
import { append } from '../support/append.ts';
import { duringSlices } from '../support/doing.ts';

export interface TemplateLint {
  readonly findings: readonly Finding[];
  /** How many variations of the answers were rendered. */
  readonly renders: number;
  /** How many different files they made. */
  readonly files: number;
}

/**
 * Lints the template in a folder, or a built-in one.
 * @throws UserError `unknown-template` when there is none
 */
export async function lintTemplate(reference: string): Promise<TemplateLint> {
  let template: Template;
  try {
    template = loadTemplate(reference);
  } catch (error) {
    return { findings: asFindings(error, reference), renders: 0, files: 0 };
  }
  const findings: Finding[] = [...lintQuestions(template)];
  const made = new Map<string, MadeFile>();
  const sources = new Set<string>();
  let renders = 0;
  try {
    const samples = await variations(template);
    await duringSlices('trying answers', samples, (sample) => {
      renders += 1;
      for (const file of render(template, sample.answers)) {
        if (file.source === undefined) continue;
        sources.add(file.source);
        const key = `${file.path}\0${String(file.content)}`;
        if (!made.has(key)) made.set(key, { file, sample: sample.title });
      }
    });
  } catch (error) {
    append(findings, asFindings(error, reference));
  }
  append(findings, neverMade(template, sources, reference));
  append(findings, leftovers(made.values()));
  append(findings, await parseProblems([...made.values()]));
  return { findings: unique(findings), renders, files: made.size };
}

/** The text of an error is `FILE:LINE: what`, a line for each. */
function asFindings(error: unknown, reference: string): readonly Finding[] {
  if (!(error instanceof UserError) || error.code === 'unknown-template') throw error;
  const code = error.code === 'unsafe-template' ? 'template-unsafe' : 'template-broken';
  return error.message.split('\n').map((line) => {
    const [, file, number, message] = /^(?:template )?([^\s:]+):(\d+): (.*)$/.exec(line) ?? [];
    const place =
      file === undefined
        ? { file: 'template.yml' }
        : { file: inTemplate(file, reference), line: Number(number) };
    return { code, level: 'error', message: message ?? line, ...place };
  });
}

/** Messages name files from the template's folder on; findings are relative to it. */
function inTemplate(file: string, reference: string): string {
  const label = path.basename(path.resolve(reference));
  return file.startsWith(`${label}/`) ? file.slice(label.length + 1) : file;
}

function neverMade(template: Template, used: ReadonlySet<string>, reference: string): readonly Finding[] {
  return ownFiles(template)
    .filter((file) => !used.has(file.source))
    .map((file) => ({
      code: 'template-file-never-made',
      level: 'warning',
      message: 'No combination of answers creates this file',
      file: inTemplate(file.source, reference),
      help: 'Fix its condition in template.yml, or that of its folder.',
    }));
}

function ownFiles(template: Template): Template['files'] {
  const label = path.basename(path.resolve(template.name));
  return template.files.filter((file) => file.source.startsWith(`${label}/`));
}

const TAG_LEFT = /@_|_@|@=|@#|@;|@-->/;
const SAMPLE_LEFT = /acme[-_]example|AcmeExample|ACME_EXAMPLE/;

function leftovers(made: Iterable<MadeFile>): readonly Finding[] {
  const findings: Finding[] = [];
  for (const { file, sample } of made) {
    if (typeof file.content !== 'string' || file.verbatim === true) continue;
    for (const [pattern, code, what] of [
      [TAG_LEFT, 'template-tag-left', 'Tag was not replaced'],
      [SAMPLE_LEFT, 'template-name-left', 'The generated file still contains the sample name'],
    ] as const) {
      const index = file.content.search(pattern);
      if (index === -1) continue;
      const line = file.content.slice(0, index).split('\n').length;
      const text = file.content.split('\n')[line - 1]?.trim() ?? '';
      findings.push({
        code,
        level: 'error',
        message: `${what}${sample === '' ? '' : ` with ${sample}`}: ${text}`,
        file: file.path,
        line,
        help: rowOf(code).fix,
      });
    }
  }
  return findings;
}

function unique(findings: readonly Finding[]): readonly Finding[] {
  const seen = new Set<string>();
  return findings.filter(({ code, file, line, message }) => {
    const key = [code, file, line, message.replace(/ with \S+(?=: )/, '')].join('\0');
    return seen.has(key) ? false : seen.add(key);
  });
}
