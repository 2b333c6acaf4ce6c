import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserWindowConstructorOptions, MenuItemConstructorOptions } from 'electron';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import {
  startDesktop,
  type DesktopWindow,
  type ElectronParts,
} from '../../../src-main/hosts/electron/desktop.ts';

let folder: string;
type Listener = (...args: unknown[]) => void;

/** A double of the few Electron calls: it keeps what it was given and lets a test play the person. */
function doubleOfElectron({ first = true } = {}) {
  const listeners = new Map<string, Listener>();
  const loaded: string[] = [];
  const windows: BrowserWindowConstructorOptions[] = [];
  const state = {
    quits: 0,
    focused: 0,
    minimized: true,
    maximized: false,
    menu: [] as MenuItemConstructorOptions[],
    handled: new Map<string, (request: Request) => Promise<Response>>(),
    openHandler: (): { action: string } => ({ action: 'unset' }),
    permission: (grant: (granted: boolean) => void): void => grant(true),
    check: () => true,
    request: (url: string): boolean => url === '',
    privileges: {} as Record<string, boolean>,
  };
  class Window implements DesktopWindow {
    constructor(options: BrowserWindowConstructorOptions) {
      windows.push(options);
    }
    readonly webContents: DesktopWindow['webContents'] = {
      setWindowOpenHandler: (handler) => (state.openHandler = handler),
      on: (event, listener) => listeners.set(event, listener as Listener),
      send: () => undefined,
    };
    loadURL(url: string): Promise<void> {
      loaded.push(url);
      return Promise.resolve();
    }
    on(event: string, listener: (...args: never[]) => void): void {
      listeners.set(event, listener as Listener);
    }
    getNormalBounds = () => ({ x: 5, y: 6, width: 1200, height: 800 });
    isMaximized = () => state.maximized;
    isMinimized = () => state.minimized;
    maximize = () => (state.maximized = true);
    restore = () => (state.minimized = false);
    focus = () => state.focused++;
  }
  const electron: ElectronParts = {
    app: {
      requestSingleInstanceLock: () => first,
      quit: () => state.quits++,
      whenReady: () => Promise.resolve(),
      on: (event, listener) => listeners.set(event, listener as Listener),
      getPath: () => folder,
      enableSandbox: () => undefined,
    },
    BrowserWindow: Window,
    protocol: {
      registerSchemesAsPrivileged: ([{ privileges }]) => (state.privileges = privileges),
      handle: (scheme, handler) => state.handled.set(scheme, handler),
    },
    session: {
      defaultSession: {
        setPermissionRequestHandler: (handler) =>
          (state.permission = (grant) => handler(null, 'camera', grant)),
        setPermissionCheckHandler: (handler) => (state.check = handler),
        setDevicePermissionHandler: () => undefined,
        webRequest: {
          onBeforeRequest: (listener) => {
            state.request = (url) => {
              let cancelled = false;
              listener({ url }, ({ cancel }) => (cancelled = cancel));
              return cancelled;
            };
          },
        },
      },
    },
    Menu: {
      buildFromTemplate: (template) => (state.menu = template),
      setApplicationMenu: () => undefined,
    },
  };
  const emit = (event: string, ...args: unknown[]): void => listeners.get(event)?.(...args);
  return { electron, state, windows, loaded, emit };
}

const options = () => ({
  handler: () => Promise.resolve(new Response('page')),
  onMenu: vi.fn<(command: string) => void>(),
  arguments: ['defaceqa'],
  onOpenStudy: vi.fn<(folder: string) => void>(),
  onQuit: vi.fn(() => Promise.resolve()),
});

beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'desktop-'))));
afterEach(() => rm(folder, { recursive: true }));

it('opens one sandboxed window on its own scheme, with no Node in the page', async () => {
  const { electron, state, windows, loaded } = doubleOfElectron();
  await startDesktop(electron, options());
  expect(loaded).toEqual(['defaceqa://app/']);
  expect(windows[0].webPreferences).toMatchObject({
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    webviewTag: false,
    webSecurity: true,
  });
  expect(windows[0].webPreferences).not.toHaveProperty('preload');
  expect(await (await state.handled.get('defaceqa')?.(new Request('http://x')))?.text()).toBe('page');
  expect(state.privileges).not.toHaveProperty('bypassCSP');
});

it('leaves to the first instance and brings its window to the front', async () => {
  const second = doubleOfElectron({ first: false });
  expect(await startDesktop(second.electron, options())).toBeNull();
  expect(second.state.quits).toBe(1);
  expect(second.windows).toEqual([]);
  const first = doubleOfElectron();
  await startDesktop(first.electron, options());
  first.emit('second-instance', {}, ['defaceqa']);
  expect(first.state).toMatchObject({ minimized: false, focused: 1 });
});

it('refuses permissions, new windows, other pages and every request that leaves', async () => {
  const { electron, state, emit } = doubleOfElectron();
  await startDesktop(electron, options());
  expect(state.openHandler()).toEqual({ action: 'deny' });
  const grant = vi.fn();
  state.permission(grant);
  expect(grant).toHaveBeenCalledWith(false);
  expect(state.check()).toBe(false);
  const away = { preventDefault: vi.fn() };
  emit('will-navigate', away, 'https://example.org/');
  emit('will-redirect', away, 'defaceqa://apples/');
  expect(away.preventDefault).toHaveBeenCalledTimes(2);
  const home = { preventDefault: vi.fn() };
  emit('will-navigate', home, 'defaceqa://app/#/scans');
  expect(home.preventDefault).not.toHaveBeenCalled();
  const view = { preventDefault: vi.fn() };
  emit('will-attach-webview', view);
  expect(view.preventDefault).toHaveBeenCalled();
  for (const url of ['https://example.org', 'http://127.0.0.1', 'ws://example.org', 'file:///etc/passwd']) {
    expect(state.request(url)).toBe(true);
  }
  expect(state.request('defaceqa://app/main.js')).toBe(false);
});

it('remembers where its window was', async () => {
  const first = doubleOfElectron();
  await startDesktop(first.electron, options());
  first.state.maximized = true;
  first.emit('close');
  expect(JSON.parse(await readFile(join(folder, 'window.json'), 'utf8'))).toMatchObject({ maximized: true });
  const again = doubleOfElectron();
  await startDesktop(again.electron, options());
  expect(again.windows[0]).toMatchObject({ x: 5, y: 6, width: 1200, height: 800 });
  expect(again.state.maximized).toBe(true);
});

it('starts afresh when the remembered place is unreadable', async () => {
  await writeFile(join(folder, 'window.json'), '{"bounds":{"x":"left"}}');
  const { electron, windows } = doubleOfElectron();
  await startDesktop(electron, options());
  expect(windows[0]).toMatchObject({ width: 1440, height: 900 });
});

it('passes the menu on and ends work before it quits', async () => {
  const { electron, state, emit } = doubleOfElectron();
  const given = options();
  await startDesktop(electron, given);
  const study = state.menu[0].submenu as MenuItemConstructorOptions[];
  (study[0].click as () => void)();
  expect(given.onMenu).toHaveBeenCalledWith('new-study');
  emit('window-all-closed');
  expect(given.onQuit).toHaveBeenCalled();
  await vi.waitFor(() => expect(state.quits).toBe(1));
});

it("opens the study whose file was opened in the system's file manager", async () => {
  const { electron, emit } = doubleOfElectron();
  const given = { ...options(), arguments: ['defaceqa', join(folder, 'one', 'study.defaceqa')] };
  await startDesktop(electron, given);
  emit('second-instance', {}, ['defaceqa', join(folder, 'two', 'study.defaceqa')]);
  const file = { preventDefault: vi.fn() };
  emit('open-file', file, join(folder, 'three', 'study.defaceqa'));
  expect(file.preventDefault).toHaveBeenCalled();
  expect(given.onOpenStudy.mock.calls).toEqual([
    [join(folder, 'one')],
    [join(folder, 'two')],
    [join(folder, 'three')],
  ]);
});
