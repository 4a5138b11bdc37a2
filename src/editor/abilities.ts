import { type InitializeResult, TextDocumentSyncKind } from 'vscode-languageserver';
import { packageVersion } from '../support/paths.ts';
import { SERVED_COMMAND, TRACE_COMMAND } from './lenses.ts';

/** The abilities of the server, as it answers `initialize`. */
export function abilities(): InitializeResult {
  return {
    serverInfo: { name: 'wdev', version: packageVersion() },
    capabilities: {
      textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: true },
      hoverProvider: true,
      definitionProvider: true,
      referencesProvider: true,
      renameProvider: { prepareProvider: true },
      documentSymbolProvider: true,
      foldingRangeProvider: true,
      codeActionProvider: { codeActionKinds: ['quickfix'] },
      codeLensProvider: {},
      completionProvider: { triggerCharacters: ['(', ',', '{', '?', ':', '=', ' '] },
      executeCommandProvider: { commands: [TRACE_COMMAND, SERVED_COMMAND] },
    },
  };
}
