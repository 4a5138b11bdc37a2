import { KINDS, loadTemplate } from '../../src/templates/load.ts';
import { textOf, type Question } from '../../src/answers/question.ts';
import type { Template } from '../../src/templates/template.ts';

const HEAD = `# What is asked

Every question, from the same data as the prompts of \`yo wazo-plugin\` and \`wdev new\`, their flags and \`--help\`.
\`--answers FILE\` takes them from YAML or JSON, by the names in the last column; [schemas](schemas) has a JSON Schema of
such a file for each kind (\`wdev templates schema KIND\` prints it). \`npm run pages\` writes this page.
`;

/** templates/ANSWERS.md: kinds, parts and questions, made from the templates. */
export function answersPage(): string {
  return [HEAD, ...KINDS.map((kind) => kindSection(loadTemplate(kind)))].join('\n');
}

function kindSection(template: Template): string {
  const own = template.questions.filter((question) => partsOf(question).length === 0);
  const lines = [
    `## ${template.name}`,
    '',
    `${template.summary.charAt(0).toUpperCase()}${template.summary.slice(1)}.`,
    '',
    ...table(own),
  ];
  if (template.parts.length > 0) lines.push('', `### Parts of ${template.name}`, '');
  for (const part of template.parts) lines.push(`- \`${part.name}\`: ${part.summary}`);
  for (const part of template.parts) {
    const asked = template.questions.filter((question) => partsOf(question).includes(part.name));
    if (asked.length > 0) lines.push('', `#### ${part.name}`, '', ...table(asked));
  }
  return `${lines.join('\n')}\n`;
}

function table(questions: readonly Question[]): readonly string[] {
  const rows = questions.map((question) => {
    const cells = [`\`--${question.flag}\``, asked(question), fallback(question), `\`${question.name}\``];
    return `| ${cells.map((cell) => cell.replaceAll('|', String.raw`\|`)).join(' | ')} |`;
  });
  return ['| flag | question | default | name |', '|---|---|---|---|', ...rows];
}

function asked(question: Question): string {
  const values = question.name === 'parts' ? [] : (question.choices ?? []);
  const choices = values.map(({ value, name }) =>
    value === name ? `\`${value}\`` : `\`${value}\` (${name})`,
  );
  const conditions = Object.entries(question.when ?? {}).filter(
    ([name]) => name !== 'parts' && name !== 'not',
  );
  const only = conditions.map(([name, wanted]) => `only with \`${name}\` ${textOf(wanted)}`);
  return [question.message, ...(choices.length > 0 ? [`one of ${choices.join(', ')}`] : []), ...only].join(
    '; ',
  );
}

function fallback(question: Question): string {
  if (question.default === undefined) return 'none: it must be answered';
  if (typeof question.default === 'boolean') return question.default ? 'yes' : 'no';
  const text = typeof question.default === 'string' ? question.default : question.default.join(', ');
  return text === '' ? 'empty' : `\`${text}\``;
}

function partsOf(question: Question): readonly string[] {
  const parts = question.when?.['parts'];
  return Array.isArray(parts) ? (parts as readonly string[]) : [];
}
