import path from 'node:path';
import { packageRoot } from '../support/paths.ts';
import { readText } from '../support/read-file.ts';
import { SCHEMAS } from './fields.ts';

/** How editors are connected to `wdev lsp`: the text of their own configuration. */

export interface EditorFile {
  readonly name: string;
  readonly text: string;
}

export interface Editor {
  readonly title: string;
  /** Where the text goes, and what it needs. */
  readonly how: string;
  readonly files: readonly EditorFile[];
}

const NEOVIM = `-- wdev: a language server for plugins of Wazo. Add this to ~/.config/nvim/init.lua (Neovim 0.11 or newer)
vim.filetype.add({ pattern = {
  ['.*/extensions_extra%.d/.*'] = 'asterisk',
  ['.*/extensions%.d/.*'] = 'asterisk',
  ['.*/extensions.*%.conf'] = 'asterisk',
} })
vim.lsp.config('wdev', {
  cmd = { 'wdev', 'lsp' },
  filetypes = { 'asterisk', 'yaml', 'sh', 'make', 'python', 'dosini', 'json' },
  root_markers = { 'wazo/plugin.yml', 'wdev.yml', '.git' },
})
vim.lsp.enable('wdev')
`;

const VIM = `" wdev: findings of :make in the quickfix list, and the language server through vim-lsp
set makeprg=wdev\\ check\\ --format\\ text
set errorformat=%f:%l:%c:\\ %t%*[^:]:\\ %m,%f:%l:\\ %t%*[^:]:\\ %m,%-G%.%#
autocmd User lsp_setup call lsp#register_server({
  \\ 'name': 'wdev', 'cmd': {server_info->['wdev', 'lsp']},
  \\ 'allowlist': ['asterisk', 'conf', 'dosini', 'json', 'yaml', 'sh', 'make', 'python'] })
`;

const EMACS = `;; wdev: a language server for plugins of Wazo, through eglot (Emacs 29 or newer, or the package eglot)
(define-derived-mode wazo-rules-mode sh-mode "Wazo rules")
(add-hook 'find-file-hook ; its first line says sh-mode
  (lambda () (when (string-match-p "/wazo/rules\\\\'" buffer-file-name) (wazo-rules-mode))))
(unless (fboundp 'yaml-mode)
  (add-to-list 'auto-mode-alist '("/\\\\(?:wazo/plugin\\\\|wdev\\\\|conf\\\\.d/[^/]+\\\\)\\\\.yml\\\\'" . conf-colon-mode)))
(with-eval-after-load 'eglot
  (add-to-list 'eglot-server-programs
    '((conf-mode wazo-rules-mode yaml-mode yaml-ts-mode) . ("wdev" "lsp"))))
(with-eval-after-load 'compile
  (add-to-list 'compilation-error-regexp-alist-alist
    '(wdev "^\\\\([^ :\\n]+\\\\):\\\\([0-9]+\\\\):\\\\(?:\\\\([0-9]+\\\\):\\\\)? \\\\(?:error\\\\|\\\\(warning\\\\)\\\\|\\\\(info\\\\)\\\\)" 1 2 3 (4 . 5)))
  (add-to-list 'compilation-error-regexp-alist 'wdev))
`;

/** Findings of `wdev check` in the problems of a task. */
const MATCHER = {
  name: 'wdev',
  owner: 'wdev',
  source: 'wdev',
  fileLocation: ['relative', '${workspaceFolder}'],
  pattern: [
    {
      regexp: String.raw`^([^\s:][^:]*):(\d+):(?:(\d+):)? (error|warning|info): (.*?)(?: \[([\w-]+)\])?$`,
      file: 1,
      line: 2,
      column: 3,
      severity: 4,
      message: 5,
      code: 6,
    },
  ],
};

const EXTENSION = `// A thin client: all knowledge is in "wdev lsp".
const { LanguageClient, TransportKind } = require('vscode-languageclient/node');
let client;
exports.activate = () => {
  const server = { command: 'wdev', args: ['lsp'], transport: TransportKind.stdio };
  const documentSelector = [
    { scheme: 'file', language: 'asterisk' },
    { scheme: 'file', pattern: '**/{wazo/plugin.yml,wazo/rules,wdev.yml,setup.py,setup.cfg,pyproject.toml}' },
    { scheme: 'file', pattern: '**/etc/**' },
  ];
  client = new LanguageClient('wdev', 'wdev', server, { documentSelector });
  return client.start();
};
exports.deactivate = () => client?.stop();
`;

/** The manifest of a thin extension. Source: VS Code, extension manifest; `npm install` brings the client. */
function manifest(version: string): object {
  return {
    name: 'wazo-wdev',
    displayName: 'Wazo plugins (wdev)',
    description: 'Findings, completion and jumps for plugins of Wazo Platform, by wdev lsp',
    version,
    publisher: 'local',
    engines: { vscode: '^1.91.0' },
    categories: ['Linters', 'Programming Languages'],
    main: './extension.js',
    activationEvents: [
      'workspaceContains:**/wazo/plugin.yml',
      'workspaceContains:wdev.yml',
      'onLanguage:asterisk',
    ],
    contributes: {
      languages: [
        {
          id: 'asterisk',
          aliases: ['Asterisk dialplan'],
          filenamePatterns: ['**/extensions_extra.d/*', '**/extensions.d/*', '**/extensions*.conf'],
        },
      ],
      problemMatchers: [MATCHER],
      // read by the extension redhat.vscode-yaml
      yamlValidation: SCHEMAS.map(({ match, file }) => ({
        fileMatch: `**/${match}`,
        url: `./schemas/${path.basename(file)}`,
      })),
    },
    dependencies: { 'vscode-languageclient': '^9.0.1' },
  };
}

/** The editors that are known, by the name that a person types. */
export function editorsOf(version: string): Readonly<Record<'vscode' | 'neovim' | 'vim' | 'emacs', Editor>> {
  return {
    neovim: {
      title: 'Neovim',
      how: 'Put it into ~/.config/nvim/plugin/wdev.lua. It needs Neovim 0.11.',
      files: [{ name: 'wdev.lua', text: NEOVIM }],
    },
    vim: {
      title: 'Vim',
      how: 'Put it into ~/.vim/plugin/wdev.vim. :make works at once, the language server needs vim-lsp.',
      files: [{ name: 'wdev.vim', text: VIM }],
    },
    emacs: {
      title: 'Emacs',
      how: 'Put it into your init file. It needs eglot, which Emacs 29 brings, and Debian 12 as elpa-eglot. M-x eglot starts it.',
      files: [{ name: 'wdev.el', text: EMACS }],
    },
    vscode: {
      title: 'VS Code',
      how: 'Then, in that folder:\nnpm install && ln -s "$PWD" ~/.vscode/extensions/wazo-wdev',
      files: [
        { name: 'package.json', text: `${JSON.stringify(manifest(version), undefined, 2)}\n` },
        { name: 'extension.js', text: EXTENSION },
        ...SCHEMAS.map(({ file }) => ({
          name: `schemas/${path.basename(file)}`,
          text: readText(path.join(packageRoot(), file)),
        })),
      ],
    },
  };
}
