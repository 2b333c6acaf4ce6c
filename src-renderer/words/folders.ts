import { words } from '../state/words.svelte.ts';

export const folderWords = words('folders', {
  path: 'Path of the folder',
  roots: 'Folders the workstation may use',
  goThere: 'Go there',
  up: 'Up',
  none: 'No folders in here.',
  newName: 'Name of the new folder',
  isStudy: 'There is a study in this folder.',
  images: '{n} images lie directly in this folder; folders below it are looked through too.',
  choose: 'Choose…',
  chooseTitle: 'Choose a folder',
  use: 'Use this folder',
  reveal: 'Show in folder',
  copyPath: 'Copy path',
  copied: 'Path copied',
  below: 'Folders below this one are looked through too, archives included.',
});
