import '@fontsource-variable/inter';
import { mount } from 'svelte';
import Root from './Root.svelte';
import { restoreLanguage } from './state/language.ts';
import './tokens.css';
import './base.css';

restoreLanguage();
const target = document.getElementById('app');
if (target !== null) mount(Root, { target });
