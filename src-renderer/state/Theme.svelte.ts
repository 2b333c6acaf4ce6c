export const themes = ['dark', 'light', 'system'] as const;
export type ThemeName = (typeof themes)[number];

/** Dark, light, or as the system says; remembered in this browser or window. */
export class Theme {
  name = $state<ThemeName>(stored());

  choose(name: ThemeName): void {
    this.name = name;
    localStorage.setItem('theme', name);
    this.apply();
  }

  apply(): void {
    const light =
      this.name === 'light' ||
      (this.name === 'system' && matchMedia('(prefers-color-scheme: light)').matches);
    document.documentElement.dataset.theme = light ? 'light' : 'dark';
  }
}

/** The one theme of this window. */
export const theme = new Theme();

function stored(): ThemeName {
  return themes.find((name) => name === localStorage.getItem('theme')) ?? 'dark';
}
