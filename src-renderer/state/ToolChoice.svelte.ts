import type { ToolSummary } from '../../src-shared/api/contract.ts';

export type Settings = Readonly<Record<string, string | number | boolean>>;

/** Which tools a run takes and with what settings; remembered for each study in this browser or window. */
export class ToolChoice {
  #off = $state.raw<readonly string[] | null>(null);
  #settings = $state.raw<Readonly<Record<string, Settings>>>({});
  #key = '';

  /** Takes up what was chosen in this study before. */
  of(studyId: string): void {
    const key = `tools ${studyId}`;
    if (key === this.#key) return;
    this.#key = key;
    try {
      const kept = JSON.parse(localStorage.getItem(key) ?? '{}') as {
        off?: string[];
        settings?: Record<string, Settings>;
      };
      this.#off = kept.off ?? null;
      this.#settings = kept.settings ?? {};
    } catch {
      this.#off = null; // what was kept no longer says anything
      this.#settings = {};
    }
  }

  /** What is not installed here is off until someone wants it. */
  isOn = (tool: ToolSummary): boolean => (this.#off === null ? tool.available : !this.#off.includes(tool.id));

  toggle(tools: readonly ToolSummary[], id: string): void {
    const off = tools.filter((tool) => this.isOn(tool) === (tool.id === id)).map((tool) => tool.id);
    this.#off = off;
    this.#keep();
  }

  /** Settings that differ from those as shipped. */
  settingsOf = (id: string): Settings => this.#settings[id] ?? {};

  setSettings(tool: ToolSummary, settings: Settings): void {
    const own = Object.fromEntries(
      Object.entries(settings).filter(([name, value]) => tool.settings[name] !== value),
    );
    this.#settings = { ...this.#settings, [tool.id]: own };
    this.#keep();
  }

  #keep(): void {
    localStorage.setItem(this.#key, JSON.stringify({ off: this.#off, settings: this.#settings }));
  }
}

export const toolChoice = new ToolChoice();
