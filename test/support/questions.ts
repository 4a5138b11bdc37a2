import { loadTemplate } from '../../src/templates/load.ts';

/** The first words of a question as a terminal shows it (a default follows them): `name` as its template names it. */
export function asked(template: string, name: string): string {
  const { questions, parts } = loadTemplate(template);
  const all = [...questions, ...parts.flatMap((part) => part.questions)];
  const question = all.find((one) => one.name === name);
  if (question === undefined) throw new Error(`${template} asks nothing named ${name}`);
  return question.message.slice(0, 40);
}
