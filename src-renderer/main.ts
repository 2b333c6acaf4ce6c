import '@fontsource-variable/inter';
import { mount } from 'svelte';
import Root from './Root.svelte';
import './tokens.css';
import './base.css';

const target = document.getElementById('app');
if (target !== null) mount(Root, { target });
