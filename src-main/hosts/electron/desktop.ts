import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { BrowserWindowConstructorOptions, MenuItemConstructorOptions, Rectangle } from 'electron';
import { studyMark } from '../../workspace/studyMark.ts';

/** The few calls of Electron that the desktop uses, so that a double can stand in where there is no binary. */
export interface ElectronParts {
  readonly app: {
    requestSingleInstanceLock(): boolean;
    quit(): void;
    whenReady(): Promise<void>;
    on(event: string, listener: (...args: never[]) => void): unknown;
    getPath(name: 'userData'): string;
    enableSandbox(): void;
  };
  readonly BrowserWindow: new (options: BrowserWindowConstructorOptions) => DesktopWindow;
  readonly protocol: {
    registerSchemesAsPrivileged(schemes: { scheme: string; privileges: Record<string, boolean> }[]): void;
    handle(scheme: string, handler: (request: Request) => Promise<Response>): void;
  };
  readonly session: { readonly defaultSession: DesktopSession };
  readonly Menu: {
    buildFromTemplate(template: MenuItemConstructorOptions[]): unknown;
    setApplicationMenu(menu: unknown): void;
  };
}

export interface DesktopWindow {
  loadURL(url: string): Promise<void>;
  on(event: string, listener: (...args: never[]) => void): unknown;
  getNormalBounds(): Rectangle;
  isMaximized(): boolean;
  isMinimized(): boolean;
  maximize(): void;
  restore(): void;
  focus(): void;
  readonly webContents: {
    setWindowOpenHandler(handler: () => { action: 'deny' }): void;
    on(event: string, listener: (...args: never[]) => void): unknown;
    send(channel: string, ...args: unknown[]): void;
  };
}

export interface DesktopSession {
  setPermissionRequestHandler(
    handler: (contents: unknown, permission: string, grant: (granted: boolean) => void) => void,
  ): void;
  setPermissionCheckHandler(handler: () => boolean): void;
  setDevicePermissionHandler(handler: () => boolean): void;
  readonly webRequest: {
    onBeforeRequest(
      listener: (details: { url: string }, answer: (response: { cancel: boolean }) => void) => void,
    ): void;
  };
}

export interface DesktopOptions {
  /** The one handler all hosts share. */
  readonly handler: (request: Request) => Promise<Response>;
  /** Asked when the person chooses something in the menu. */
  readonly onMenu: (command: MenuCommand) => void;
  /** The arguments this process was started with: a study's file among them is opened. */
  readonly arguments: readonly string[];
  /** Asked when a study's file was opened in the system's file manager. */
  readonly onOpenStudy: (folder: string) => void;
  /** Ends work cleanly before the last window goes. */
  readonly onQuit: () => Promise<void>;
}

export type MenuCommand = 'new-study' | 'open-study' | 'settings' | 'help';

export const scheme = 'defaceqa';
const home = `${scheme}://app/`;

interface WindowState {
  readonly bounds: Rectangle;
  readonly maximized: boolean;
}

/**
 * The desktop window: one instance, sandboxed, isolated, without Node in the page, and without any way out of the
 * machine. Pages and calls come through the application's own scheme; every other address is refused, and so is every
 * permission, navigation and new window. docs/security.md lists each item of Electron's checklist with its place here.
 */
export async function startDesktop(
  electron: ElectronParts,
  options: DesktopOptions,
): Promise<DesktopWindow | null> {
  const { app, protocol, session, Menu } = electron;
  if (!app.requestSingleInstanceLock()) {
    app.quit();
    return null;
  }
  app.enableSandbox();
  // macOS tells of a file by an event, which can come before the application is ready; others by an argument.
  app.on('open-file', (event: { preventDefault(): void }, path: string) => {
    event.preventDefault();
    openStudyOf([path], options);
  });
  protocol.registerSchemesAsPrivileged([
    { scheme, privileges: { standard: true, secure: true, supportFetchAPI: true, stream: true } },
  ]);
  await app.whenReady();
  protocol.handle(scheme, options.handler);
  closeTheWaysOut(session.defaultSession);
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuOf(options.onMenu)));

  const statePath = join(app.getPath('userData'), 'window.json');
  const window = openWindow(electron, readState(statePath));
  window.on('close', () => writeState(statePath, window));
  app.on('second-instance', (_event: unknown, given: readonly string[]) => {
    if (window.isMinimized()) window.restore();
    window.focus();
    openStudyOf(given, options);
  });
  app.on('window-all-closed', () => void options.onQuit().finally(() => app.quit()));
  openStudyOf(options.arguments, options);
  await window.loadURL(home);
  return window;
}

function openStudyOf(given: readonly string[], { onOpenStudy }: DesktopOptions): void {
  const file = given.find((argument) => argument.endsWith(studyMark));
  if (file !== undefined) onOpenStudy(dirname(resolve(file)));
}

function openWindow({ BrowserWindow }: ElectronParts, state: WindowState | null): DesktopWindow {
  const window = new BrowserWindow({
    width: 1440,
    height: 900,
    ...state?.bounds,
    minWidth: 1024,
    minHeight: 680,
    title: 'DefaceQA Workstation',
    backgroundColor: '#101418',
    webPreferences: {
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webviewTag: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      spellcheck: false,
      navigateOnDragDrop: false,
    },
  });
  if (state?.maximized === true) window.maximize();
  window.webContents.setWindowOpenHandler(() => ({ action: 'deny' }));
  window.webContents.on('will-navigate', stayHome);
  window.webContents.on('will-redirect', stayHome);
  window.webContents.on('will-attach-webview', (event: { preventDefault(): void }) => event.preventDefault());
  return window;
}

function stayHome(event: { preventDefault(): void }, url: string): void {
  if (!url.startsWith(home)) event.preventDefault();
}

function closeTheWaysOut(session: DesktopSession): void {
  session.setPermissionRequestHandler((_contents, _permission, grant) => grant(false));
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  // The page speaks to the application's scheme only. XNAT is asked by the engine, never by the page.
  session.webRequest.onBeforeRequest((details, answer) => {
    answer({ cancel: !/^(defaceqa|devtools|blob|data):/.test(details.url) });
  });
}

function menuOf(choose: (command: MenuCommand) => void): MenuItemConstructorOptions[] {
  const item = (label: string, command: MenuCommand, accelerator: string): MenuItemConstructorOptions => ({
    label,
    accelerator,
    click: () => choose(command),
  });
  return [
    {
      label: 'Study',
      submenu: [
        item('New study…', 'new-study', 'CommandOrControl+N'),
        item('Open study…', 'open-study', 'CommandOrControl+O'),
        { type: 'separator' },
        item('Settings', 'settings', 'CommandOrControl+,'),
        { type: 'separator' },
        { role: 'quit' },
      ],
    },
    { role: 'editMenu' },
    {
      label: 'View',
      submenu: [{ role: 'togglefullscreen' }, { role: 'zoomIn' }, { role: 'zoomOut' }, { role: 'resetZoom' }],
    },
    { label: 'Help', submenu: [item('Help', 'help', 'F1')] },
  ];
}

function readState(path: string): WindowState | null {
  try {
    const { bounds, maximized } = JSON.parse(readFileSync(path, 'utf8')) as Partial<WindowState>;
    const numbers = bounds === undefined ? [] : [bounds.x, bounds.y, bounds.width, bounds.height];
    if (bounds === undefined || !numbers.every(Number.isFinite)) return null;
    return { bounds, maximized: maximized === true };
  } catch {
    return null; // a first start, or a file that no longer says anything
  }
}

function writeState(path: string, window: DesktopWindow): void {
  const state: WindowState = { bounds: window.getNormalBounds(), maximized: window.isMaximized() };
  writeFileSync(path, JSON.stringify(state));
}
