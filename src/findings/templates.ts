import { met, row } from './row.ts';

const FORMAT = 'template.yml, format of templates';

/** Faults of a template of plugins. */
export const TEMPLATES = met({
  'template-unsafe': row(
    'error',
    'A template writes outside the new folder, or over a protected file',
    'Nothing is made of such a template.',
    'Use a path below the plugin.',
    FORMAT,
    'files/../escape.txt\n$ wdev templates lint',
  ),
  'template-broken': row(
    'error',
    'A template cannot be read or rendered',
    'Nothing is made of it.',
    'See the format: wdev templates manifest-schema',
    FORMAT,
    '<%= no_such_value %> in a file\n$ wdev templates lint',
  ),
  'template-file-broken': row(
    'error',
    'A generated file does not parse',
    'Its author would begin with a file that no program reads.',
    'Fix the template file that it is made from.',
    FORMAT,
    'files/a.json: {"a": }\n$ wdev templates lint',
  ),
  'template-file-never-made': row(
    'warning',
    'No combination of answers creates a file',
    'It is dead, or its condition is misspelt.',
    'Fix its condition in template.yml, or that of its folder.',
    FORMAT,
    'conditions: {a.txt: {parts: nowhere}}\n$ wdev templates lint',
  ),
  'template-condition': row(
    'error',
    'A condition never holds, or is about a file that does not exist',
    'What depends on it is never made.',
    'Use questions, values that choices set, lookups, parts and traits; a folder ends in /.',
    FORMAT,
    'conditions: {missing.txt: {name: hello}}\n$ wdev templates lint',
  ),
  'template-sample': row(
    'error',
    'The sample of a question is in no generated file',
    'No answer replaces it, so every plugin gets the same text.',
    'Write the sample exactly as it stands in the files.',
    FORMAT,
    'a question with sample: red and default: blue, and a file with blue\n$ wdev templates lint',
  ),
  'template-question-unused': row(
    'warning',
    'A question is never used',
    'Everyone is asked it, and no file uses the answer.',
    'Remove it, or use its answer.',
    FORMAT,
    'questions: [{name: colour, …}], and no file with its sample\n$ wdev templates lint',
  ),
  'template-tag-left': row(
    'error',
    'A tag was not replaced',
    'Its author would find <% … %> in the new plugin.',
    'Use the name of a question in template.yml; write the tag as a comment, with its spaces: # @= NAME @#',
    FORMAT,
    'a %> without its <%\n$ wdev templates lint',
  ),
  'template-name-left': row(
    'error',
    'A generated file still contains the sample name',
    'The new plugin would carry the name of another one.',
    'Write it as acme-example, acme_example, AcmeExample or ACME_EXAMPLE, which are replaced, or as a tag: # @= name @#',
    FORMAT,
    'AcmeEXAMPLE in a file\n$ wdev templates lint',
  ),
});
