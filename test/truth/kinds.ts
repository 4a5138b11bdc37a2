/**
 * The kinds of wrong verdicts, by the number under which they were found: the input that was named, and neighbours of it
 * that nobody had named. A row of this table by its name, or `FILE.test.ts TITLE`, below test/.
 */
export interface Kind {
  readonly what: string;
  readonly named: readonly string[];
  readonly neighbours: readonly string[];
}

export const KINDS: Readonly<Record<number, Kind>> = {
  1: {
    what: 'a file that is replaced by one of the same size and time',
    named: ['unit/watcher.test.ts of a file that is replaced by one of the same size and time'],
    neighbours: [
      'unit/watcher.test.ts of links that point elsewhere now, and not of what is ignored',
      'unit/watch.test.ts applies the final bytes once',
    ],
  },
  2: {
    what: 'a folder that is renamed away and back twice',
    named: [
      'unit/watcher.test.ts of folders that are renamed away and back, again and again',
      'unit/watch-missed.test.ts brings a plugin whose folder was renamed away and back twice',
    ],
    neighbours: [
      'unit/watcher.test.ts of two folders that take the place of each other',
      'unit/watch-terminal.test.ts is followed when it was named by a link to it',
    ],
  },
  3: {
    what: 'a failed save while files were still being written',
    named: ['unit/watch-missed.test.ts is given once to a save that was read while its files were written'],
    neighbours: [
      'unit/stage-growing.test.ts takes in what changed soon after its first change, however long it took to stage',
      'unit/watch-many.test.ts are asked again about a file that was fixed while they spoke against it',
    ],
  },
  4: {
    what: 'a save that the target refused while it restarted',
    named: ['unit/watch-missed.test.ts is given to what Asterisk could not take just then, once it answers'],
    neighbours: [
      'unit/watch-missed.test.ts is given to what lacks a module only while Asterisk starts',
      'unit/target-late-log.test.ts keeps a batch from being final, and is judged',
    ],
  },
  5: {
    what: 'names and texts that are not UTF-8',
    named: [
      'unit/watch-missed.test.ts packages, installs and follows files whose names are no UTF-8',
      'unit/watcher.test.ts of files and folders whose names are no UTF-8',
    ],
    neighbours: [
      'B13 letters in Latin-1',
      'Python: letters in Latin-1',
      'B8 letters in Latin-1',
      'unit/encodings.test.ts is told of plugin.yml by check, build and watch, at its line',
      'unit/install.test.ts has names with what looks like the end of a line',
    ],
  },
  6: {
    what: 'a state folder that disappears under a watch',
    named: [
      'unit/watch-missed.test.ts says so, begins anew, and restores what stood there then',
      'unit/watch-missed.test.ts leaves the target to a second watcher, and says who it is',
    ],
    neighbours: [
      'unit/watch-missed.test.ts refuses to give back what it can not',
      'unit/target-damage.test.ts a manifest that was cut off: what is whole of it counts, and the rest is told',
    ],
  },
  7: {
    what: 'links out of what is packaged',
    named: ['B7 a link out of etc/'],
    neighbours: [
      'B7 a link to itself',
      'B7 two links in a circle',
      'B7 a link to a link to nothing',
      'B7 a link out of etc/ that package follows',
      'B7 a link through a folder that is a link',
    ],
  },
  8: {
    what: 'dialplan of which nothing is loaded',
    named: [
      'B8 a file in a folder below',
      'unit/watch-evidence.test.ts that was emptied or removed is told with the extensions that are gone',
    ],
    neighbours: [
      'B8 a hidden file',
      'B8 a file that Asterisk may not read',
      'B8 a name of 100 letters',
      'B8 an empty header',
      'B8 a template for files of others',
    ],
  },
  9: {
    what: 'an Asterisk that does not log',
    named: ['unit/watch-evidence.test.ts a file that is off', 'unit/watch-evidence.test.ts no file'],
    neighbours: [
      'unit/watch-evidence.test.ts a file of calls only',
      'unit/verify-judges.test.ts proves no reload of Asterisk, and the evidence says so',
      'unit/shell.test.ts follows a log that is rotated meanwhile',
    ],
  },
  10: {
    what: 'the order of the dialplan of a server',
    named: ['B10 (+) before the context exists'],
    neighbours: [
      'B10 (+) on a context of a later file',
      'B10 the plain header of a stock context',
      'unit/addition.test.ts ends the load on a stack, as on a server, where the file that has the context comes later',
    ],
  },
  11: {
    what: 'packages that miss what they need',
    named: [
      'the package: B11 a command that set -e does not stop',
      'the package: B11 nothing that is packaged',
    ],
    neighbours: [
      'the package: B11 the content of etc/ in place of it',
      'the package: B11 etc/ within etc/',
      'the package: B11 a folder that is made, and left empty',
      'the package: B11 a pattern that matches nothing, and a guard',
      'the package: B11 a folder of Python without __init__.py',
      'unit/build.test.ts is refused when a program is empty',
    ],
  },
  12: {
    what: 'files under nearly the right name',
    named: ['the package: B12 rules beside wazo/', 'unit/near-names.test.ts wazo/plugin.yaml'],
    neighbours: [
      'unit/near-names.test.ts wazo/plugin.yml.txt',
      'unit/near-names.test.ts wazo/Rules',
      'unit/near-names.test.ts wazo/rules.sh',
    ],
  },
  13: {
    what: 'settings that a daemon cannot read',
    named: [
      'B13 a list that is not closed',
      'unit/watch-refused.test.ts tells of settings that it goes on without',
    ],
    neighbours: [
      'B13 letters in Latin-1',
      'B13 a Windows path with a folder that is no escape',
      'B13 an equals sign in place of a colon',
      'B13 braces of a template',
    ],
  },
  14: {
    what: 'Python that several daemons share',
    named: [
      'unit/importers.test.ts acme_shared/words.py',
      'unit/importers.test.ts wazo_agid/modules/acme.py',
    ],
    neighbours: [
      'unit/importers.test.ts acme_shared/deep.py',
      'unit/importers.test.ts acme_shared/late.py',
      'unit/importers.test.ts acme_shared/words.json',
      'unit/importers.test.ts acme_bare/words.py',
    ],
  },
  15: {
    what: 'Python that a daemon loads late',
    named: ['unit/import-late.test.ts finds what a service could not import at its first use, at its line'],
    neighbours: [
      'unit/services-asked.test.ts is found at the line that cannot be imported',
      'unit/services-asked.test.ts disprove a description that lacks a path, at its line',
      'unit/services-asked.test.ts asks each route without a token first, and acts upon none',
    ],
  },
  16: {
    what: 'reloads that were refused, and generated files',
    named: [
      'unit/verify-judges.test.ts of which Asterisk refuses a line is a failure that names the line',
      'unit/verify-judges.test.ts without a section that a server has in it is told, once',
      "findings/target.ts 'module-reload-refused'",
    ],
    neighbours: [
      'unit/verify-judges.test.ts is told when it is the very text',
      'real/pjsip.test.ts is read by Asterisk in its new text, in spite of the cache',
      'unit/preview.test.ts says which sections of Wazo’s vanish',
    ],
  },
  17: {
    what: 'a daemon that ends later',
    named: [
      'unit/watch-services.test.ts fails the batch, and brings the version before back',
      'unit/watch-services.test.ts fails it some seconds later too, and settles what lives on',
    ],
    neighbours: [
      'unit/watch-services.test.ts brings back the version of the session before, when it ends in the first batch',
      'real/await.test.ts does not believe one that systemd starts again and again',
      'real/await.test.ts does not believe one that fails after an import’s time',
    ],
  },
  18: {
    what: 'warnings that were shown once, and "as before" where nothing was',
    named: [
      'unit/watch-told.test.ts are told of the first batch too, and stand until they are gone',
      'unit/watch-told.test.ts are counted on the line of a batch, listed by a key, and in the words of status',
    ],
    neighbours: [
      'unit/watch-services.test.ts says so where there is no version before',
      'unit/watch-told.test.ts are told once, with the name that was meant and its column, where Asterisk says it too',
    ],
  },
  19: {
    what: 'remarks of Asterisk about lines that it loaded',
    named: [
      'C19 a pattern for everything',
      'C19 an include of what is not there',
      'C19 a label twice',
      'C19 an unclosed application',
    ],
    neighbours: [
      'C19 an include of itself',
      'C19 a range that goes down',
      'C19 a gap between priorities',
      'C19 a switch without a name',
      'C19 an extension without priority 1',
    ],
  },
  20: {
    what: 'faults of other plugins',
    named: ['unit/verify-judges.test.ts is another’s when that is named, and fails nothing'],
    neighbours: [
      'C20 a server with a warning of its own',
      'C20 a server with the same extension before',
      'unit/verify-judges.test.ts is told of both when both fail, each with its own reason',
      'unit/watch-many.test.ts are not at fault when Asterisk stops in the file of another one before it comes to theirs',
    ],
  },
  21: {
    what: 'the reason of somebody else',
    named: [
      'unit/verify-judges.test.ts is the plugin’s own when its entry point is named, with the reason that follows there',
      'unit/verify-judges.test.ts brings no second finding for what could not be imported',
    ],
    neighbours: [
      'unit/verify-judges.test.ts is another’s when load() of another raised',
      'unit/verify-judges.test.ts finds the line at which load() raised, which stevedore logs behind saying so',
    ],
  },
  22: {
    what: 'errors that are none',
    named: [
      'C22 a jump to a priority by its number',
      'unit/check-idioms.test.ts a wazo_* package of its own, and a config.yml of its own service',
      'unit/check-idioms.test.ts a service that is restarted for a patch of its code',
    ],
    neighbours: [
      'C22 debian_depends of "python3:any"',
      'unit/check-idioms.test.ts a plugin of wazo-ui that its conf.d enables',
      'unit/check-idioms.test.ts a module beside a program, which is no package',
      'real/dialplan-returns.test.ts goes on with the next line after each application but those that end a line',
    ],
  },
  23: {
    what: 'a folder for temporary files that cannot be used',
    named: ['unit/temp-folder.test.ts is told as what it is, with another folder to name'],
    neighbours: [
      'unit/temp-folder.test.ts is not there',
      'unit/temp-folder.test.ts is a file',
      'unit/temp-folder.test.ts is full: nothing is said to be a defect of wdev',
    ],
  },
  24: {
    what: 'a daemon that dies at its start',
    named: [
      'long/breaks.test.ts %s: told at its line, and all is as before',
      'unit/watch-refused.test.ts %s: a save of it does not come to the target',
    ],
    neighbours: [
      'long/breaks.test.ts %s: told at its line, and the old answer is back',
      'Python: D24 an import with a dot too many',
      'Python: D24 an import of a class that was renamed',
      'Python: D24 an import of its own that may fail',
      'unit/watch-services.test.ts names the line that raised, and what',
      'unit/deploy.test.ts is told at the line that raises',
    ],
  },
  25: {
    what: 'errors of check, before a target is touched',
    named: [
      'unit/watch-refused.test.ts %s: a save of it does not come to the target',
      'unit/watch-refused.test.ts with an error of check is refused before the target is touched, unless it is let through',
    ],
    neighbours: ['unit/watch-refused.test.ts holds back a file for which install does nothing'],
  },
  26: {
    what: 'a full target, and damaged records',
    named: [
      'unit/shell.test.ts runs nothing of which it could keep only a part, and says why',
      'unit/target-damage.test.ts a list of what goes that did not come whole: nothing is removed',
    ],
    neighbours: [
      'unit/shell.test.ts takes a file only when all of it came',
      'unit/edits-killed.test.ts that is damaged is told by every command, and nothing is guessed',
      'unit/temp-folder.test.ts is full: nothing is said to be a defect of wdev',
    ],
  },
  27: {
    what: 'an Asterisk that is stopped',
    named: [
      'real/console.test.ts is told as what it is when Asterisk is stopped, once for a request, and answers when it goes on',
    ],
    neighbours: [
      "findings/target.ts 'asterisk-hangs'",
      'unit/stack-embedded.test.ts a stopped Asterisk is out of reach until it is started',
      'real/console.test.ts is found again when Asterisk was restarted after the connections were opened',
    ],
  },
  28: {
    what: 'what a failed save says',
    named: [
      'unit/watch-told.test.ts names what has the place already, and what to try',
      'unit/watch-told.test.ts is named by a path that can be opened from where the person stands',
      'unit/watch-refused.test.ts shows ten faults of many, and their number',
    ],
    neighbours: ['D28 a blank that does not break, before same', 'D28 a blank of no width before the line'],
  },
  29: {
    what: 'a server on which wazo-plugind installed the plugin',
    named: ['unit/server-past.test.ts loses nothing in any order'],
    neighbours: [
      'unit/server-past.test.ts tells of packages that came, changed or went, and of what stays unlike them',
      'unit/server-past.test.ts puts back at a removal what a later version did not have, and folders that were emptied',
    ],
  },
  30: {
    what: 'files of packages, and services that were stopped',
    named: [
      'unit/server-past.test.ts names the packages whose files it replaces, in watch and in status',
      'unit/server-past.test.ts puts no file that stands there as it is staged, and takes off what the version does not have',
    ],
    neighbours: [
      'unit/restart-by-rules.test.ts is told to be left so, and no evidence of anything',
      'unit/restart-together.test.ts come again in its turn for one that systemd did not restart, and never for one that somebody stopped',
      'real/await.test.ts tells a unit that somebody stopped from one that ended by itself',
    ],
  },
  31: {
    what: 'restarts of no more than what changed',
    named: [
      'unit/plan.test.ts restarts only the service whose entry point the changed module belongs to',
      'unit/plan.test.ts restarts the services of entry points that are new, gone or others, and no more',
    ],
    neighbours: [
      'unit/restart-by-rules.test.ts never where its programs cannot tell',
      'unit/plan.test.ts restarts the services that get other rights, after wazo-auth-keys gave them',
    ],
  },
  32: {
    what: 'what git hands out, and what wazo-plugind packages',
    named: [
      'unit/build.test.ts is the same for files that git tracks under names that editors and tools use',
      'the package: F32 _pkg in the tree',
    ],
    neighbours: [
      'the package: F32 a package that makes the folder of the plugin',
      'unit/watcher.test.ts sees files that git tracks although their names are those of what editors and tools leave',
    ],
  },
  33: {
    what: 'what check did not see',
    named: [
      'unit/check-idioms.test.ts names that left modules of Python',
      'unit/check-idioms.test.ts a random text that a pipeline reads into a sed',
      'unit/add.test.ts proposes no extension that the plugin has',
    ],
    neighbours: [
      'C22 debian_depends of "python3-yaml, Python3-six"',
      'the manifest by wazo-plugind: bounds that are crossed',
      'the package: B11 a setup.py that lists the upper package alone',
    ],
  },
  34: {
    what: 'line ends of scripts',
    named: ['unit/build.test.ts makes the package that a clone without it makes'],
    neighbours: [
      'the package: F34 Windows line ends',
      'the package: F34 Windows line ends in the first line alone',
      'the package: F34 Windows line ends that git stores as those of Unix',
      'the package: F34 Windows line ends of all files, under text=auto',
      'the package: F34 Windows line ends that .gitattributes keeps',
      'the package: F34 line ends of Unix that a clone gets as those of Windows',
      'the package: F34 an identity in a dialplan file',
      'the package: F34 the mark of UTF-8 before #!',
    ],
  },
  35: {
    what: 'lines that the makers of telephone systems document',
    named: ['../templates/smdr-logger/files/tests/test_plugin.py test_what_the_maker_documents'],
    neighbours: [
      '../templates/smdr-logger/files/tests/test_plugin.py test_lines_about_no_outside_call',
      '../templates/smdr-logger/files/tests/test_plugin.py test_a_damaged_line_does_not_end_the_logger',
      'unit/simulate.test.ts of a HiPath are read by their columns',
    ],
  },
  36: {
    what: 'lines as the wire has them',
    named: ['unit/simulate.test.ts gets nothing of lines that end with a carriage return alone, and says so'],
    neighbours: [
      'unit/simulate.test.ts gets all of lines that end with a line feed and a carriage return',
      'unit/simulate.test.ts gives the same over a pseudo terminal, in pieces and with the plug pulled',
    ],
  },
  37: {
    what: 'old syntax, bytes and ends of calls, as Asterisk has them',
    named: [
      'unit/dialplan/command.test.ts shows old syntax, and bytes that are no UTF-8, as Asterisk does',
      'unit/dialplan/command.test.ts trace stops where Asterisk hangs up, and notes what it cannot know',
    ],
    neighbours: [
      'G37 old syntax with bars',
      'G37 old syntax with brackets in it',
      'unit/dialplan/command.test.ts trace goes no further than what Asterisk cannot take',
    ],
  },
};
