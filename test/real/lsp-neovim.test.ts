import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { run } from '../../src/support/run.ts';
import { lacks } from '../support/needs.ts';
import { writePlugin } from '../support/plugins.ts';
import { sidProgram } from '../support/sid-program.ts';
import { tempFolder } from '../support/temp.ts';
import { BIN, wdev } from '../support/wdev.ts';

const FILE = 'etc/asterisk/extensions_extra.d/acme-hello.conf';
const TEXT = `[acme-menu]
exten = s,1(start),Answer()
same = n,Gosub(acme-log,s,1(x))
same = n,GotoIf($[\${X} = 1]?start)
same = n,Hangup()

[acme-log]
exten = s,1,Return()
`;

/** The steps of a person, for Neovim: each waits for what it wants to see, and writes down what it saw. */
const SESSION = `
local seen = {}
local function wait(what, done)
  if not vim.wait(600000, done, 50) then seen.lost = what; error(what) end
end
local function session()
  vim.cmd.edit('${FILE}')
  wait('attached', function() return #vim.lsp.get_clients({ bufnr = 0 }) > 0 end)
  local client = vim.lsp.get_clients({ bufnr = 0 })[1]
  wait('initialized', function() return client.initialized end)
  seen.filetype = vim.bo.filetype
  vim.api.nvim_buf_set_lines(0, 1, 2, false, { 'exten = s,1(start),Anser()' })
  wait('finding', function() return #vim.diagnostic.get(0) > 0 end)
  seen.finding = vim.diagnostic.get(0)[1].code
  vim.api.nvim_buf_set_lines(0, 1, 2, false, { 'exten = s,1(start),Answer()' })
  wait('no finding', function() return #vim.diagnostic.get(0) == 0 end)
  vim.api.nvim_win_set_cursor(0, { 3, 18 })
  vim.lsp.buf.definition()
  wait('definition', function() return vim.api.nvim_win_get_cursor(0)[1] == 7 end)
  seen.definition = vim.api.nvim_get_current_line()
  vim.api.nvim_win_set_cursor(0, { 2, 13 })
  vim.lsp.buf.rename('again')
  wait('rename', function() return vim.fn.search('start', 'nw') == 0 end)
  seen.renamed = vim.api.nvim_buf_get_lines(0, 1, 4, false)
  vim.cmd.write()
  vim.cmd.edit('wazo/plugin.yml')
  wait('attached there', function() return #vim.lsp.get_clients({ bufnr = 0 }) > 0 end)
  local line = vim.fn.search('^version', 'nw')
  vim.api.nvim_buf_set_lines(0, line - 1, line, false, { 'version: 1.10' })
  wait('finding there', function() return #vim.diagnostic.get(0) > 0 end)
  vim.api.nvim_win_set_cursor(0, { line, 0 })
  vim.lsp.buf.code_action({ apply = true })
  wait('fix', function() return vim.api.nvim_get_current_line() == 'version: "1.10"' end)
  seen.fixed = vim.api.nvim_get_current_line()
  vim.cmd('bwipeout!')
  vim.fn.writefile({ '[acme-menu]', 'exten = s,1,Anser()', 'same = n,Hangup()' }, '${FILE}')
  vim.cmd.source('wdev.vim')
  vim.cmd('silent make')
  seen.quickfix = {}
  for _, one in ipairs(vim.fn.getqflist()) do
    table.insert(seen.quickfix, vim.fn.bufname(one.bufnr) .. ':' .. one.lnum .. ':' .. one.col .. ' ' .. one.type .. ' ' .. one.text)
  end
end
local ok, message = pcall(session)
if not ok then seen.error = tostring(message) end
vim.fn.writefile({ vim.json.encode(seen) }, 'seen.json')
vim.cmd('qall!')
`;

// Debian 12 has 0.7; the configuration is for 0.11 and newer
describe.skipIf(lacks('real'))('wdev lsp in a real Neovim, connected by what wdev editors prints', () => {
  it('finds what is typed, leads to a definition, renames, fixes; :make lists what Vim is told', async () => {
    const { root, command } = await sidProgram('neovim', 'usr/bin/nvim');
    const folder = tempFolder();
    writePlugin(folder);
    writeFileSync(path.join(folder, FILE), TEXT);
    mkdirSync(path.join(folder, '.bin'));
    const shim = path.join(folder, '.bin/wdev');
    writeFileSync(shim, `#!/bin/sh\nexec '${process.execPath}' '${BIN}' "$@"\n`);
    chmodSync(shim, 0o755);
    const { stdout: config } = await wdev(['editors', 'neovim']);
    writeFileSync(path.join(folder, 'init.lua'), config);
    writeFileSync(path.join(folder, 'wdev.vim'), (await wdev(['editors', 'vim'])).stdout);
    writeFileSync(path.join(folder, 'session.lua'), SESSION);
    const { stdout, stderr } = await run(
      [...command, '--headless', '-n', '-i', 'NONE', '-u', 'init.lua', '-S', 'session.lua'],
      {
        cwd: folder,
        env: {
          PATH: `${path.dirname(shim)}:${process.env['PATH']}`,
          VIMRUNTIME: path.join(root, 'usr/share/nvim/runtime'),
          XDG_CONFIG_HOME: folder,
          XDG_DATA_HOME: folder,
          XDG_STATE_HOME: folder,
          XDG_CACHE_HOME: folder,
        },
        timeout: 850_000,
      },
    );
    const seen = JSON.parse(readFileSync(path.join(folder, 'seen.json'), 'utf8')) as unknown;
    expect(seen, `${stdout}${stderr}`).toEqual({
      filetype: 'asterisk',
      finding: 'dialplan-unknown-application',
      definition: '[acme-log]',
      renamed: [
        'exten = s,1(again),Answer()',
        'same = n,Gosub(acme-log,s,1(x))',
        'same = n,GotoIf($[${X} = 1]?again)',
      ],
      fixed: 'version: "1.10"',
      quickfix: [
        `${FILE}:2:13 w Unknown application "Anser"; did you mean "Answer"? [dialplan-unknown-application]`,
      ],
    });
  });
});
