import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { pythonValue } from '../../src/readers/yaml/python-value.ts';
import { readYaml } from '../../src/readers/yaml/read.ts';
import { LineProcess } from '../../src/support/line-process.ts';

const HERE = import.meta.dirname;
const VALUES = path.join(HERE, '../../src/readers/yaml');

export interface Comparison {
  readonly documents: number;
  readonly accepted: number;
  /** The texts that we read in another way than PyYAML. */
  readonly different: readonly { readonly text: string; readonly how: string }[];
}

/** Reads documents with our reader and with the machine's PyYAML: values, types, refusals, words and lines. */
export async function compareWithPyYaml(texts: readonly string[]): Promise<Comparison> {
  const python = new LineProcess(
    ['/usr/bin/python3', fileURLToPath(import.meta.resolve('./pyyaml.py')), VALUES],
    { env: { PYTHONIOENCODING: 'utf-8', PYTHONDONTWRITEBYTECODE: '1' } },
  );
  try {
    const answers = await Promise.all(
      texts.map(async (text) => {
        const answer = JSON.parse(await python.ask(JSON.stringify({ text, ...ours(text) }))) as Answer;
        return { text, ...answer };
      }),
    );
    return {
      documents: answers.length,
      accepted: answers.filter(({ accepted }) => accepted).length,
      different: answers.flatMap(({ text, different }) =>
        different === null ? [] : [{ text, how: different }],
      ),
    };
  } finally {
    python.close();
  }
}

interface Answer {
  readonly accepted: boolean;
  readonly different: string | null;
}

function ours(text: string): object {
  const { root, problem } = readYaml(text);
  if (problem === undefined) return { value: pythonValue(root) };
  return {
    problem: {
      message: problem.message,
      said: problem.pyyaml?.said,
      stop: problem.pyyaml?.line ?? null,
      bound: problem.pyyaml === undefined,
    },
  };
}
