import { fileURLToPath } from 'node:url';
import {
  type CodeAction,
  CompletionItemKind,
  type Connection,
  type DocumentSymbol,
  ErrorCodes,
  LSPErrorCodes,
  type FoldingRange,
  type Location,
  type Position,
  ProposedFeatures,
  ResponseError,
  type TextEdit,
  TextDocuments,
  createConnection,
} from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { Finding } from '../findings/finding.ts';
import { messageOf } from '../support/errors.ts';
import { abilities } from './abilities.ts';
import { changesOf, textOnDisk, uriOf } from './addresses.ts';
import { actionOf, diagnosticOf } from './diagnostics.ts';
import { confOf, isDialplan } from './file-kinds.ts';
import type { Asked, EditorText, Language, Renamed, Word } from './language.ts';
import { languageOf } from './languages.ts';
import { SERVED_COMMAND, TRACE_COMMAND, lensesOf } from './lenses.ts';
import { MOST_ANSWERED, MOST_RENAMED, placesAsked, symbolsOf } from './answers.ts';
import { nextMessage, refuseUnread } from './long-texts.ts';
import { onWatches, servedFindings, servedOf, servedTitle } from './served.ts';
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

/** Characters of a line that a person typed: nothing is told in longer ones, of which Asterisk reads no more. */
const LONGEST_LINE = 8192;

/** Serves one editor on standard input and output, until it says exit. */
export function serve(): void {
  process.stdin.once('end', () =>
    process.stderr.write('wdev: standard input ended before the editor said exit\n'),
  );
  const connection = createConnection(ProposedFeatures.all, process.stdin, process.stdout);
  new Server(connection).listen();
}

class Server {
  private readonly connection: Connection;
  private readonly documents = new TextDocuments(TextDocument);
  private readonly workspace = new Workspace();
  private readonly timers = new Map<EditedPlugin, NodeJS.Timeout>();
  private readonly published = new Map<EditedPlugin, Set<string>>();
  /** The editor asks for lenses again when it is told. */
  private refreshes = false;

  constructor(connection: Connection) {
    this.connection = connection;
  }

  listen(): void {
    const { connection, documents } = this;
    connection.onInitialize(({ capabilities: theirs }) => {
      this.refreshes = theirs.workspace?.codeLens?.refreshSupport === true;
      return abilities();
    });
    documents.onDidChangeContent(({ document }) => void this.guard(this.changed(document)));
    documents.onDidSave(({ document }) => this.placeOf(document.uri)?.plugin.forget());
    documents.onDidClose(({ document }) =>
      this.placeOf(document.uri)?.plugin.edit(this.nameOf(document.uri), undefined),
    );
    connection.onHover(async ({ textDocument, position }) => this.hover(textDocument.uri, position));
    connection.onCompletion(async ({ textDocument, position }) => this.complete(textDocument.uri, position));
    connection.onDefinition(async ({ textDocument, position }) => this.define(textDocument.uri, position));
    connection.onReferences(async ({ textDocument, position }) => {
      const found = await this.asked(textDocument.uri, position);
      return found === undefined ? [] : placesAsked(found.language.references?.(found.asked), found.asked);
    });
    connection.onPrepareRename(async ({ textDocument, position }) => {
      const found = await this.renamed(textDocument.uri, position);
      if (found === undefined) return null;
      const { asked, renamed } = found;
      return { range: asked.lines.rangeOf(renamed.at), placeholder: renamed.name };
    });
    connection.onRenameRequest(async ({ textDocument, position, newName }) =>
      this.rename(textDocument.uri, position, newName),
    );
    connection.onDocumentSymbol(({ textDocument }) => this.outline(textDocument.uri));
    connection.onFoldingRanges(({ textDocument }) => this.folds(textDocument.uri));
    connection.onCodeLens(({ textDocument: { uri } }) => {
      const file = this.open(uri)?.file;
      const dir = this.placeOf(uri)?.plugin.dir;
      return file === undefined
        ? []
        : [...lensesOf(file, dir === undefined ? [] : servedOf(dir))].slice(0, MOST_ANSWERED);
    });
    connection.onCodeAction(async ({ textDocument, range }) =>
      this.fixes(textDocument.uri, range.start.line, range.end.line),
    );
    connection.onExecuteCommand(async ({ command, arguments: args = [] }) => {
      if (command === TRACE_COMMAND) return await this.trace(String(args[0]), String(args[1]));
      return command === SERVED_COMMAND ? this.served(String(args[0])) : undefined;
    });
    connection.onInitialized(() => void onWatches(() => this.watchesChanged()));
    documents.listen(connection);
    connection.listen();
  }

  /** Shows what the targets of running watches serve of a plugin. */
  private served(uri: string): readonly string[] {
    const dir = this.placeOf(uri)?.plugin.dir;
    const lines = (dir === undefined ? [] : servedOf(dir)).flatMap((served) => [
      servedTitle(served, 0),
      ...served.plugin.loaded.map((text) => `  ${text}`),
      ...(served.plugin.trouble?.findings ?? []).map(({ message }) => `  ${message}`),
    ]);
    this.connection.window.showInformationMessage(
      lines.length === 0 ? 'No wdev watch runs with this plugin.' : lines.join('\n'),
    );
    return lines;
  }

  private watchesChanged(): void {
    if (this.refreshes) void this.connection.sendRequest('workspace/codeLens/refresh');
    const plugins = new Set(this.documents.all().flatMap(({ uri }) => this.placeOf(uri)?.plugin ?? []));
    for (const plugin of plugins) void this.guard(this.judgeAll(plugin));
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
    const told = servedOf(plugin.dir).flatMap(({ plugin: { trouble } }) =>
      (trouble?.findings ?? []).flatMap(({ file }) => file ?? []),
    );
    const names = new Set([...judged.keys(), ...told]);
    for (const name of new Set([...names, ...(this.published.get(plugin) ?? [])]))
      this.publish(plugin, judged, name);
    this.published.set(plugin, names);
  }

  private publish(plugin: EditedPlugin, judged: Judged, name: string): void {
    const uri = uriOf(plugin, name);
    const lines = new Lines(this.documents.get(uri)?.getText() ?? textOnDisk(uri));
    const own = (judged.get(name) ?? []).map(({ finding }) => finding);
    const isKnown = ({ code, line }: Finding): boolean =>
      own.some((one) => one.code === code && one.line === line);
    const diagnostics = [
      ...own.map((finding) => diagnosticOf(finding, lines)),
      ...servedFindings(servedOf(plugin.dir), name)
        .filter((finding) => !isKnown(finding))
        .map((finding) => ({ ...diagnosticOf(finding, lines), source: 'wdev watch' })),
    ];
    void this.connection.sendDiagnostics({ uri, diagnostics: diagnostics.slice(0, MOST_ANSWERED) });
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
    const found = await this.asked(uri, position);
    const value = found?.language.hover?.(found.asked);
    return value === undefined ? null : { contents: { kind: 'markdown', value } };
  }

  private async complete(
    uri: string,
    position: Position,
  ): Promise<{ label: string; kind: CompletionItemKind; detail?: string }[]> {
    const found = await this.asked(uri, position);
    const words = found?.language.words?.(found.asked) ?? [];
    return words.slice(0, MOST_ANSWERED).map(({ kind, ...word }) => ({ ...word, kind: KINDS[kind] }));
  }

  private async define(uri: string, position: Position): Promise<Location[]> {
    const found = await this.asked(uri, position);
    return found === undefined ? [] : placesAsked(found.language.definitions?.(found.asked), found.asked);
  }

  private async renamed(
    uri: string,
    position: Position,
  ): Promise<{ readonly asked: Asked; readonly renamed: Renamed } | undefined> {
    await this.refuseUnread(uri);
    const found = await this.asked(uri, position);
    const renamed = found?.language.rename?.(found.asked);
    return found === undefined || renamed === undefined ? undefined : { asked: found.asked, renamed };
  }

  private async rename(
    uri: string,
    position: Position,
    newName: string,
  ): Promise<{ changes: Record<string, TextEdit[]> } | null> {
    const found = await this.renamed(uri, position);
    if (found === undefined) return null;
    const { asked, renamed } = found;
    if (renamed.places.length > MOST_RENAMED)
      throw new ResponseError(
        LSPErrorCodes.RequestFailed,
        `${renamed.name} is written in ${renamed.places.length} places; wdev lsp renames at most ${MOST_RENAMED}`,
      );
    if (!/^[^\s,()[\]{}$;|/@:="']+$/.test(newName))
      throw new ResponseError(ErrorCodes.InvalidParams, `${newName} is not a name of a ${renamed.kind}`);
    return { changes: changesOf(renamed.places, asked.files, newName) };
  }

  private outline(uri: string): DocumentSymbol[] {
    const found = this.open(uri);
    if (found === undefined) return [];
    const { file, lines } = found;
    return symbolsOf(languageOf(uri)?.outline?.(file) ?? [], lines);
  }

  private folds(uri: string): FoldingRange[] {
    const fold = ({ range, children = [] }: DocumentSymbol): FoldingRange[] => [
      ...(range.end.line > range.start.line
        ? [{ startLine: range.start.line, endLine: range.end.line }]
        : []),
      ...children.flatMap(fold),
    ];
    return this.outline(uri).flatMap(fold);
  }

  /** The steps of a call, as `wdev dialplan trace` prints them. */
  private async trace(uri: string, call: string): Promise<readonly string[]> {
    await this.refuseUnread(uri);
    const { tracedLines } = await import('./trace-call.ts');
    const lines = await tracedLines(
      (await this.files(uri)).filter(({ name }) => isDialplan(name)),
      call,
    );
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
  private open(uri: string): { readonly file: EditorText; readonly lines: Lines } | undefined {
    const text = this.documents.get(uri)?.getText();
    if (text === undefined || text.length > LONGEST) return undefined;
    const name = this.placeOf(uri)?.name ?? decodeURIComponent(uri);
    const file = editorText(uri, name, text);
    return { file, lines: new Lines(file.text) };
  }

  private async refuseUnread(uri: string): Promise<void> {
    const own = this.documents.get(uri)?.getText();
    if (isDialplan(uri) || confOf(uri) !== undefined)
      refuseUnread(uri, own, await this.placeOf(uri)?.plugin.texts());
  }

  /** The texts of the plugin, or the one text. */
  private async files(uri: string): Promise<readonly EditorText[]> {
    const place = this.placeOf(uri);
    const own = this.open(uri)?.file;
    if (place === undefined) return own === undefined ? [] : [own];
    const texts = await place.plugin.texts();
    const files = [...texts].map(([name, { text }]) => editorText(uriOf(place.plugin, name), name, text));
    return own === undefined || files.some((file) => file.uri === uri) ? files : [...files, own];
  }

  private async asked(
    uri: string,
    position: Position,
  ): Promise<{ readonly language: Language; readonly asked: Asked } | undefined> {
    const language = languageOf(uri);
    const open = this.open(uri);
    if (language === undefined || open === undefined) return undefined;
    const { file, lines } = open;
    const line = lines.lineAt(position.line);
    if (line.length > LONGEST_LINE) return undefined;
    const before = line.slice(0, position.character);
    const offset = lines.offsetAt(position);
    return { language, asked: { file, lines, position, offset, line, before, files: await this.files(uri) } };
  }
}

/** A text with LF alone, which all readers take: lines and columns are the same. */
function editorText(uri: string, name: string, text: string): EditorText {
  return { uri, name, text: text.replaceAll('\r\n', '\n') };
}
