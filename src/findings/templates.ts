import { met, row } from './row.ts';

const FORMAT = 'template.yml, format of templates';

/** Faults of a template of plugins. */
export const TEMPLATES = met({
  'template-unsafe': row(
    'error',
    'A template would write outside of the new folder, or over what must not be its own',
    'Nothing is made of such a template.',
    'Give the file a path below the plugin.',
    FORMAT,
    'files/../escape.txt\n$ wdev templates lint',
  ),
  'template-broken': row(
    'error',
    'A template cannot be read or rendered',
    'Nothing is made of it.',
    'Correct the line that the finding names.',
    FORMAT,
    '<%= no_such_value %> in a file\n$ wdev templates lint',
  ),
  'template-file-broken': row(
    'error',
    'A file that the template makes does not parse',
    'Its author would begin with a file that no program reads.',
    'Correct the template file; the finding names it and the answers.',
    FORMAT,
    'files/a.json: {"a": }\n$ wdev templates lint',
  ),
  'template-file-never-made': row(
    'warning',
    'No answers make a file of the template',
    'It is dead, or its condition is misspelt.',
    'Look at its entry under conditions, and at those of its folders.',
    FORMAT,
    'conditions: {a.txt: {parts: nowhere}}\n$ wdev templates lint',
  ),
  'template-condition': row(
    'error',
    'A condition never holds, or is about a file that is not there',
    'What depends on it is never made.',
    'Name questions, values that choices set, lookups, parts and traits; a folder has a / at its end.',
    FORMAT,
    'conditions: {missing.txt: {name: hello}}\n$ wdev templates lint',
  ),
  'template-sample': row(
    'error',
    'No generated file has the sample of a question',
    'No answer replaces it, so every plugin gets the same text.',
    'Write the sample into the files, as they have it.',
    FORMAT,
    'a question with sample: red and default: blue, and a file with blue\n$ wdev templates lint',
  ),
  'template-question-unused': row(
    'warning',
    'The answer to a question is used nowhere',
    'Everyone is asked it, and no file uses the answer.',
    'Take the question out, or use its answer.',
    FORMAT,
    'questions: [{name: colour, …}], and no file with its sample\n$ wdev templates lint',
  ),
  'template-tag-left': row(
    'error',
    'A generated file still has a tag of the template',
    'Its author would find <% … %> in the new plugin.',
    'Close the tag as the language of the file wants it.',
    FORMAT,
    'a %> without its <%\n$ wdev templates lint',
  ),
  'template-name-left': row(
    'error',
    'A generated file has the example name of the template',
    'The new plugin would carry the name of another one.',
    'Write the example name in one of the forms that are replaced.',
    FORMAT,
    'AcmeEXAMPLE in a file\n$ wdev templates lint',
  ),
});
