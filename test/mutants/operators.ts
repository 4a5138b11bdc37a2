/** Faults that people make in plugins, as data: what is changed, in which files, and how it looks then. */

export interface Operator {
  readonly name: string;
  /** Files that it changes, by their paths in a plugin. */
  readonly files: RegExp;
  /** Each match is one mutant. */
  readonly find: RegExp;
  readonly put: string;
}

const PYTHON = /^demo_hello\/.*\.py$|^usr\/lib\/python3\/.*\.py$|\/entry\.py$/;
const REST = /^demo_hello\/.*\/(http|view)\.py$/;
const PLUGIN = /^demo_hello\/.*\/(plugin|view)\.py$/;
const CONF_D = /^etc\/wazo-[a-z-]+\/conf\.d\//;
const DIALPLAN = /^etc\/asterisk\/extensions_extra\.d\//;
const PAGES = /\/templates\/.*\.html$/;
const RULES = /^wazo\/rules$/;

export const OPERATORS: readonly Operator[] = [
  // rights
  { name: 'a right missing', files: REST, find: /^ {4}@required_acl\(.*\)\n/gm, put: '' },
  {
    name: 'a right of another service',
    files: REST,
    find: /@required_acl\('[a-z-]+\./g,
    put: "@required_acl('plugind.",
  },
  {
    name: 'a placeholder wrong in a right',
    files: REST,
    find: /(@required_acl\('.*\{)\w+\}/g,
    put: '$1other}',
  },
  {
    name: 'a right to read for what is no reading',
    files: REST,
    find: /(@required_acl\('.*)\.(?:create|delete|update)'/g,
    put: "$1.read'",
  },
  {
    name: 'a plain resource',
    files: REST,
    find: /^(class \w+)\((?:\w*AuthResource|ConfdResource)\):/gm,
    put: '$1:',
  },
  {
    name: 'another right documented',
    files: /\/api\.yml$/,
    find: /(\*\*Required ACL:\*\* `)[a-z-]+\./g,
    put: '$1plugind.',
  },
  // routes
  {
    name: 'a placeholder wrong in a route',
    files: PLUGIN,
    find: /(^ +'\/.*<(?:\w+:)?)\w+>/gm,
    put: '$1other>',
  },
  { name: 'a route elsewhere', files: PLUGIN, find: /^( +'\/)(\w)/gm, put: '$1x$2' },
  { name: 'no endpoint of its own', files: PLUGIN, find: /^ +endpoint='.*',\n/gm, put: '' },
  { name: 'a path that is not documented', files: /\/api\.yml$/, find: /^ {2}\/\w/gm, put: '  /x' },
  // what is loaded, and what enables it
  {
    name: 'an entry point of another name',
    files: /^setup\.py$/,
    find: /^( {12}')demo_hello/gm,
    put: '$1other',
  },
  {
    name: 'an entry point to a class that is not there',
    files: /^setup\.py$/,
    find: /(:\w+)',$/gm,
    put: "$1x',",
  },
  { name: 'not enabled', files: CONF_D, find: /: true$/gm, put: ': false' },
  { name: 'another name enabled', files: CONF_D, find: /^( +)demo_hello/gm, put: '$1other' },
  { name: 'a setting without a value', files: CONF_D, find: /^( +\w+:) .+$/gm, put: '$1' },
  { name: 'a default lost', files: PYTHON, find: /\.get\(('demo_hello\w*'), \{\}\)/g, put: '[$1]' },
  { name: 'another default', files: PYTHON, find: /(\.get\('\w+', ')(\w)/g, put: '$1x$2' },
  // what is checked, and what is not let through
  {
    name: 'a comparison of secrets off',
    files: PYTHON,
    find: /return hmac\.compare_digest\(.*\)$/gm,
    put: 'return True',
  },
  { name: 'a refusal off', files: PYTHON, find: /^( +)raise \w+\(.*\)$/gm, put: '$1pass' },
  { name: 'an early end left out', files: PYTHON, find: /^( +)return (?:None|False)$/gm, put: '$1pass' },
  { name: 'a condition turned round', files: PYTHON, find: /^( +if )not /gm, put: '$1' },
  {
    name: 'an error of the other side not seen',
    files: PYTHON,
    find: /^ +\w+\.raise_for_status\(\)\n/gm,
    put: '',
  },
  { name: 'a field that need not be there', files: PYTHON, find: /required=True/g, put: 'required=False' },
  {
    name: 'a text that is not looked at',
    files: PYTHON,
    find: /validate=\w+\((?:[^()]|\([^()]*\))*\)/g,
    put: 'validate=None',
  },
  {
    name: 'a column that is ignored',
    files: PYTHON,
    find: /config\.get\('(?:searched|first_matched)_columns'\) or /g,
    put: '',
  },
  { name: 'a handler that is not registered', files: PYTHON, find: /^agid\.register\(.*\)\n/gm, put: '' },
  // pages of wazo-ui
  {
    name: 'a view for everybody',
    files: /\/ui\/view\.py$/,
    find: /^(class \w+)\(BaseIPBXHelperView\):/gm,
    put: '$1:',
  },
  { name: 'not in the menu', files: PLUGIN, find: /^ +register_flaskview\(.*\)\n/gm, put: '' },
  {
    name: 'a field that the form does not have',
    files: PAGES,
    find: /(render_field\(form\.)(\w)/g,
    put: '$1x$2',
  },
  { name: 'a link to nowhere', files: PAGES, find: /(url_for\('\.\w+:)(\w)/g, put: '$1x$2' },
  { name: 'pages that are not packaged', files: /^setup\.py$/, find: /, 'templates\/[^']*'/g, put: '' },
  // dialplan
  { name: 'no Return', files: DIALPLAN, find: /^same = n,Return\(\)\n/gm, put: '' },
  { name: 'no Hangup', files: DIALPLAN, find: /^same = n,Hangup\(\)\n/gm, put: '' },
  { name: 'a Gosub to nowhere', files: DIALPLAN, find: /Gosub\([\w-]+,/g, put: 'Gosub(nowhere,' },
  { name: 'no priority 1', files: DIALPLAN, find: /^(exten = [^,]+),1,/gm, put: '$1,2,' },
  {
    name: 'a handler of another name called',
    files: DIALPLAN,
    find: /(agi:\/\/[^/]+\/)\w+/g,
    put: '$1other',
  },
  // packaging
  { name: 'a tree that is not packaged', files: RULES, find: /^ +cp -R (?:etc|usr|var) .*\n/gm, put: '' },
  { name: 'Python that is not packaged', files: RULES, find: /^ +cp -R build\/lib.*\n/gm, put: '' },
  {
    name: 'no entry points in the package',
    files: RULES,
    find: /^ +cp "\$info\/entry_points\.txt".*\n/gm,
    put: '',
  },
  { name: 'modes as they come', files: RULES, find: /^ +chmod -R u=rwX.*\n/gm, put: '' },
  { name: 'no restart', files: RULES, find: /^ {4}restart wazo-.*\n/gm, put: '' },
  { name: 'no reload', files: RULES, find: /^ {4}tell_asterisk .*\n/gm, put: '' },
  { name: 'no postrm', files: RULES, find: /^ {4}postrm\)/gm, put: '    other)' },
  {
    name: 'a version that is a number',
    files: /^wazo\/plugin\.yml$/,
    find: /^version: "(\d+\.\d+).*"$/gm,
    put: 'version: $1',
  },
  {
    name: 'a name that wazo-plugind refuses',
    files: /^wazo\/plugin\.yml$/,
    find: /^name: (.*)$/gm,
    put: 'name: Hello_World',
  },
  // files of other programs
  { name: 'a location without its slash', files: /^etc\/nginx\//, find: /\/( \{|;)/g, put: '$1' },
  { name: 'a location that is not enabled', files: RULES, find: /^ +ln -sfn .*\n/gm, put: '' },
  {
    name: 'a unit that runs nothing',
    files: /\.service$/,
    find: /^ExecStart=.*$/gm,
    put: 'ExecStart=/usr/bin/nothing',
  },
  { name: 'a timer that nothing starts', files: /\.timer$/, find: /^WantedBy=.*\n/gm, put: '' },
];
