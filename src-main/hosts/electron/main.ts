import * as electron from 'electron';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { openWindowHost } from '../openWindowHost.ts';
import { stateFolder } from '../stateFolder.ts';
import { startDesktop } from './desktop.ts';
import { createPrinter } from './printReport.ts';

// The one file that touches Electron itself; everything it does is in desktop.ts, which a double can drive.
const { app, dialog, shell } = electron;
const { workspace, handler } = openWindowHost({
  appFolder: app.isPackaged ? app.getAppPath() : resolve(import.meta.dirname, '..', '..'),
  stateFolder: stateFolder(),
  roots: [homedir()],
  sampleFolder: join(app.getPath('documents'), 'DefaceQA demo'),
  native: {
    pickFolder: async (title) => {
      const properties = ['openDirectory', 'createDirectory'] as const;
      const { filePaths } = await dialog.showOpenDialog({ title, properties: [...properties] });
      return filePaths.at(0) ?? null;
    },
    reveal: (path) => shell.showItemInFolder(path),
    printPdf: createPrinter(electron),
  },
});
await startDesktop(electron, {
  handler,
  onMenu: (command) => workspace.send({ kind: 'menu', command }),
  arguments: process.argv,
  onOpenStudy: (folder) => void workspace.dispatch('workspace.openStudy', { folder }),
  onQuit: () => workspace.close(),
});
