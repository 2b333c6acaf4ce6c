import ChartNoAxesColumn from '@lucide/svelte/icons/chart-no-axes-column';
import CircleHelp from '@lucide/svelte/icons/circle-question-mark';
import Columns2 from '@lucide/svelte/icons/columns-2';
import FolderInput from '@lucide/svelte/icons/folder-input';
import House from '@lucide/svelte/icons/house';
import List from '@lucide/svelte/icons/list';
import Play from '@lucide/svelte/icons/play';
import Settings from '@lucide/svelte/icons/settings';

/** The picture of each screen. */
export const screenIcons = {
  home: House,
  overview: ChartNoAxesColumn,
  import: FolderInput,
  batch: Play,
  scans: List,
  compare: Columns2,
  settings: Settings,
  help: CircleHelp,
} as const;
