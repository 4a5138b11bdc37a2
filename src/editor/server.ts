import { fileURLToPath } from 'node:url';
import {
  type CodeAction,
  CompletionItemKind,
  type Connection,
  type DocumentSymbol,
  ErrorCodes,
  type FoldingRange,
  type Location,
  type Position,
  ProposedFeatures,
  ResponseError,
  SymbolKind,
  type TextEdit,
  TextDocumentSyncKind,
  TextDocuments,
  createConnection,
} from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { packageVersion } from '../support/paths.ts';
import { messageOf } from '../support/errors.ts';
import { changesOf, isDialplan, locations, textOnDisk, uriOf } from './addresses.ts';
import { actionOf, diagnosticOf } from './diagnostics.ts';
import type { Mention } from './dialplan-names.ts';
import { outlineOf } from './dialplan-outline.ts';
import { type DialplanText, definitionsOf, mentionAt, referencesOf, renamesOf } from './dialplan-places.ts';
import { type Word, hoverOf, wordsAt } from './dialplan-words.ts';
import { attributeIn, entryPointAt, groupHover, groupWords } from './entry-points.ts';
import { fieldHover, fieldWords, schemaOf } from './fields.ts';
import { nextMessage, refuseUnread } from './long-texts.ts';
import { Lines } from './span.ts';
import { type EditedPlugin, type Judged, LONGEST, Workspace } from './workspace.ts';

const KINDS: Readonly<Record<Word['kind'], CompletionItemKind>> = {
  application: CompletionItemKind.Function,
  function: CompletionItemKind.Function,
  context: CompletionItemKind.Module,
  extension: CompletionItemKind.Method,
  label: CompletionItemKind.Reference,
  field: CompletionItemKind.Field,
  value: CompletionItemKind.Value,
};

/** Milliseconds without a key before the rules that need Python are asked. */
const QUIET = 200;
const TRACE_COMMAND = 'wdev.trace';

/** Serves one editor on standard input and output, until it says exit. */
export function serve(): void {
  const connection = createConnection(ProposedFeatures.all, process.stdin, process.stdout);
  new Server(connection).listen();
}

class Server {
  private readonly connection: Connection;
  private readonly documents = new TextDocuments(TextDocument);
  private readonly workspace = new Workspace();
  private readonly timers = new Map<EditedPlugin, NodeJS.Timeout>();
  private readonly published = new Map<EditedPlugin, Set<string>>();

  constructor(connection: Connection) {
    this.connection = connection;
  }

  listen(): void {
    const { connection, documents } = this;
    connection.onInitialize(() => ({
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
        executeCommandProvider: { commands: [TRACE_COMMAND] },
      },
    }));
    documents.onDidChangeContent(({ document }) => void this.guard(this.changed(document)));
    documents.onDidSave(({ document }) => this.placeOf(document.uri)?.plugin.forget());
    documents.onDidClose(({ document }) =>
      this.placeOf(document.uri)?.plugin.edit(this.nameOf(document.uri), undefined),
    );
    connection.onHover(async ({ textDocument, position }) => this.hover(textDocument.uri, position));
    connection.onCompletion(async ({ textDocument, position }) => this.complete(textDocument.uri, position));
    connection.onDefinition(async ({ textDocument, position }) => this.define(textDocument.uri, position));
    connection.onReferences(async ({ textDocument, position }) => {
      const found = await this.dialplanAt(textDocument.uri, position);
      return found === undefined ? [] : locations(referencesOf(found.mention, found.files), found.files);
    });
    connection.onPrepareRename(async ({ textDocument, position }) => {
      await this.refuseUnread(textDocument.uri);
      const found = await this.dialplanAt(textDocument.uri, position);
      if (found === undefined || !isRenamed(found.mention)) return null;
      return { range: new Lines(found.file.text).rangeOf(found.mention), placeholder: found.mention.name };
    });
    connection.onRenameRequest(async ({ textDocument, position, newName }) =>
      this.rename(textDocument.uri, position, newName),
    );
    connection.onDocumentSymbol(({ textDocument }) => this.outline(textDocument.uri));
    connection.onFoldingRanges(({ textDocument }) => this.folds(textDocument.uri));
    connection.onCodeLens(({ textDocument }) => {
      const file = this.dialplan(textDocument.uri);
      if (file === undefined) return [];
      const lines = new Lines(file.text);
      return outlineOf(file).flatMap(({ extensions }) =>
        extensions.flatMap(({ at, call }) =>
          call === undefined
            ? []
            : [
                {
                  range: lines.rangeOf(at),
                  command: { title: 'trace a call', command: TRACE_COMMAND, arguments: [file.uri, call] },
                },
              ],
        ),
      );
    });
    connection.onCodeAction(async ({ textDocument, range }) =>
      this.fixes(textDocument.uri, range.start.line, range.end.line),
    );
    connection.onExecuteCommand(async ({ command, arguments: args = [] }) =>
      command === TRACE_COMMAND ? this.trace(String(args[0]), String(args[1])) : undefined,
    );
    documents.listen(connection);
    connection.listen();
  }

  /** A fault of ours must not end the editor's server. */
  private async guard(work: Promise<void>): Promise<void> {
    try {
      await work;
    } catch (error) {
      this.connection.console.error(`wdev: ${messageOf(error)}`);
    }
  }

  private async changed(document: TextDocument): Promise<void> {
    const place = this.placeOf(document.uri);
    if (place === undefined) return;
    const { plugin, name } = place;
    plugin.edit(name, document.getText());
    const { version } = document;
    // what was typed while a text was judged is read first: only the last of it counts
    await nextMessage();
    if (this.documents.get(document.uri)?.version !== version) return;
    const soon = await plugin.judgeSoon(name);
    if (this.documents.get(document.uri)?.version === version) this.publish(plugin, soon, name);
    clearTimeout(this.timers.get(plugin));
    this.timers.set(
      plugin,
      setTimeout(() => void this.guard(this.judgeAll(plugin)), QUIET),
    );
  }

  private async judgeAll(plugin: EditedPlugin): Promise<void> {
    const judged = await plugin.judge();
    for (const name of new Set([...judged.keys(), ...(this.published.get(plugin) ?? [])]))
      this.publish(plugin, judged, name);
    this.published.set(plugin, new Set(judged.keys()));
  }

  private publish(plugin: EditedPlugin, judged: Judged, name: string): void {
    const uri = uriOf(plugin, name);
    const lines = new Lines(this.documents.get(uri)?.getText() ?? textOnDisk(uri));
    const diagnostics = (judged.get(name) ?? []).map(({ finding }) => diagnosticOf(finding, lines));
    void this.connection.sendDiagnostics({ uri, diagnostics });
  }

  private async fixes(uri: string, first: number, last: number): Promise<CodeAction[]> {
    const place = this.placeOf(uri);
    if (place === undefined) return [];
    const { plugin, name } = place;
    const [judged, texts] = await Promise.all([plugin.judgeSoon(name), plugin.texts()]);
    return (judged.get(name) ?? [])
      .filter(({ finding: { line = 1 } }) => line - 1 >= first && line - 1 <= last)
      .map((judgement) => actionOf(judgement, texts, (file) => uriOf(plugin, file)))
      .filter((action) => action !== undefined);
  }

  private async hover(
    uri: string,
    position: Position,
  ): Promise<{ contents: { kind: 'markdown'; value: string } } | null> {
    const found = this.open(uri);
    if (found === undefined) return null;
    const { file, lines } = found;
    const schema = schemaOf(file.uri);
    const value = isDialplan(uri)
      ? hoverOf(file, await this.dialplans(uri), lines.offsetAt(position))
      : schema === undefined
        ? groupHover(lines.lineAt(position.line), position.character)
        : fieldHover(schema, file.text.split('\n'), position.line, position.character);
    return value === undefined ? null : { contents: { kind: 'markdown', value } };
  }

  private async complete(
    uri: string,
    position: Position,
  ): Promise<{ label: string; kind: CompletionItemKind; detail?: string }[]> {
    const found = this.open(uri);
    if (found === undefined) return [];
    const { file, lines } = found;
    const before = lines.lineAt(position.line).slice(0, position.character);
    const schema = schemaOf(file.uri);
    const words = isDialplan(uri)
      ? wordsAt(file, await this.dialplans(uri), before, lines.offsetAt(position))
      : schema === undefined
        ? groupWords(before)
        : fieldWords(schema, file.text.split('\n'), position.line);
    return words.map(({ kind, ...word }) => ({ ...word, kind: KINDS[kind] }));
  }

  private async define(uri: string, position: Position): Promise<Location[]> {
    const found = await this.dialplanAt(uri, position);
    if (found !== undefined) return locations(definitionsOf(found.mention, found.files), found.files);
    const open = this.open(uri);
    const point = open && entryPointAt(open.lines.lineAt(position.line), position.character);
    const place = this.placeOf(uri);
    if (point === undefined || place === undefined) return [];
    const base = point.module.replaceAll('.', '/');
    const texts = await place.plugin.texts();
    for (const name of [`${base}.py`, `${base}/__init__.py`]) {
      const module = texts.get(name);
      if (module === undefined) continue;
      const start = attributeIn(module.text, point.attribute) ?? 0;
      const range = new Lines(module.text).rangeOf({ start, end: start });
      return [{ uri: uriOf(place.plugin, name), range }];
    }
    return [];
  }

  private async rename(
    uri: string,
    position: Position,
    newName: string,
  ): Promise<{ changes: Record<string, TextEdit[]> } | null> {
    await this.refuseUnread(uri);
    const found = await this.dialplanAt(uri, position);
    if (found === undefined || !isRenamed(found.mention)) return null;
    if (!/^[^\s,()[\]{}$;|/@]+$/.test(newName)) {
      throw new ResponseError(
        ErrorCodes.InvalidParams,
        `${newName} is not a name of a ${found.mention.kind}`,
      );
    }
    return { changes: changesOf(renamesOf(found.mention, found.files), found.files, newName) };
  }

  private outline(uri: string): DocumentSymbol[] {
    const file = this.dialplan(uri);
    if (file === undefined) return [];
    const lines = new Lines(file.text);
    return outlineOf(file).map(({ name, at, whole, extensions }) => ({
      name,
      kind: SymbolKind.Module,
      range: lines.rangeOf(whole),
      selectionRange: lines.rangeOf(at),
      children: extensions.map((one) => ({
        name: one.name || '?',
        kind: SymbolKind.Method,
        range: lines.rangeOf(one.whole),
        selectionRange: lines.rangeOf(one.at),
      })),
    }));
  }

  private folds(uri: string): FoldingRange[] {
    return this.outline(uri).flatMap(({ range, children = [] }) =>
      [range, ...children.map((child) => child.range)]
        .filter(({ start, end }) => end.line > start.line)
        .map(({ start, end }) => ({ startLine: start.line, endLine: end.line })),
    );
  }

  /** The steps of a call, as `wdev dialplan trace` prints them. */
  private async trace(uri: string, call: string): Promise<readonly string[]> {
    await this.refuseUnread(uri);
    const { tracedLines } = await import('./trace-call.ts');
    const lines = await tracedLines(await this.dialplans(uri), call);
    this.connection.window.showInformationMessage([`${call}:`, ...lines].join('\n'));
    return lines;
  }

  private placeOf(uri: string): ReturnType<Workspace['find']> {
    return uri.startsWith('file:') ? this.workspace.find(fileURLToPath(uri)) : undefined;
  }

  private nameOf(uri: string): string {
    return this.placeOf(uri)?.name ?? '';
  }

  /** The text of an editor; undefined for one that is too long to be read at each key. */
  private open(uri: string): { readonly file: DialplanText; readonly lines: Lines } | undefined {
    const text = this.documents.get(uri)?.getText();
    return text === undefined || text.length > LONGEST
      ? undefined
      : { file: { uri, text }, lines: new Lines(text) };
  }

  private async refuseUnread(uri: string): Promise<void> {
    const own = this.documents.get(uri)?.getText();
    if (isDialplan(uri)) refuseUnread(uri, own, await this.placeOf(uri)?.plugin.texts());
  }

  private dialplan(uri: string): DialplanText | undefined {
    return isDialplan(uri) ? this.open(uri)?.file : undefined;
  }

  /** The dialplan files of the plugin, or the one file. */
  private async dialplans(uri: string): Promise<readonly DialplanText[]> {
    const place = this.placeOf(uri);
    const own = this.dialplan(uri);
    if (place === undefined) return own === undefined ? [] : [own];
    const texts = await place.plugin.texts();
    const files = [...texts]
      .filter(([name]) => isDialplan(name))
      .map(([name, { text }]) => ({ uri: uriOf(place.plugin, name), text }));
    return own === undefined || files.some((file) => file.uri === uri) ? files : [...files, own];
  }

  private async dialplanAt(
    uri: string,
    position: Position,
  ): Promise<
    | { readonly file: DialplanText; readonly mention: Mention; readonly files: readonly DialplanText[] }
    | undefined
  > {
    const file = this.dialplan(uri);
    const mention = file && mentionAt(file, new Lines(file.text).offsetAt(position));
    return file === undefined || mention === undefined
      ? undefined
      : { file, mention, files: await this.dialplans(uri) };
  }
}

function isRenamed({ kind }: Mention): boolean {
  return kind === 'context' || kind === 'extension' || kind === 'label';
}
