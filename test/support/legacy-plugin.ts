/** The hello world of the format of before 2017: package.yml and a Makefile. */
export const LEGACY_PLUGIN: Readonly<Record<string, string>> = {
  'package.yml': 'name: helloworld\ndescription: Adds the extension "***42" for a greeting\nversion: 0.0.1\n',
  Makefile: `.PHONY: install uninstall

install:
\tcp helloworld.conf /etc/asterisk/extensions_extra.d/
\tasterisk -x 'dialplan reload'

uninstall:
\trm -f /etc/asterisk/extensions_extra.d/helloworld.conf
\tasterisk -x 'dialplan reload'
`,
  'helloworld.conf': '[xivo-extrafeatures]\nexten = ***42,1,Playback(hello-world)\nsame = n,Return()\n',
};
