/**
 * A text as YAML writes it: plain where every reader (YAML 1.1 of PyYAML and YAML 1.2) takes it for the same
 * text, and in double quotes elsewhere.
 */
export function yamlScalar(text: string): string {
  if (/^[A-Za-z][A-Za-z0-9_./-]*( [A-Za-z0-9_./-]+)*$/.test(text) && !WORDS.test(text)) return text;
  return JSON.stringify(text).replace(
    /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

const WORDS = /^(y|n|yes|no|on|off|true|false|null)$/i;
