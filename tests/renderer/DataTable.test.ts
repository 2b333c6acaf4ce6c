import type { Component } from 'svelte';
import { expect, it } from 'vitest';
import { render } from 'vitest-browser-svelte';
import { userEvent } from 'vitest/browser';
import DataTable from '../../src-renderer/parts/DataTable.svelte';
import { sortRows, type Column } from '../../src-renderer/parts/column.ts';

interface Row {
  readonly id: number;
  readonly name: string;
  readonly ml: number | null;
}
const columns: readonly Column<Row>[] = [
  { id: 'name', title: 'Name', width: '200px', text: ({ name }) => name },
  { id: 'ml', title: 'Volume', width: '100px', text: ({ ml }) => String(ml ?? ''), sortBy: ({ ml }) => ml },
];
const many = Array.from({ length: 10_000 }, (_, id): Row => ({
  id,
  name: `scan ${id}`,
  ml: id % 7 === 0 ? null : (id * 7919) % 10_007,
}));

it('sorts numbers as numbers, what is not known last, and equal rows as they came', () => {
  const rows = [
    { id: 1, name: 'b', ml: 10 },
    { id: 2, name: 'a', ml: null },
    { id: 3, name: 'c', ml: 9 },
    { id: 4, name: 'd', ml: 10 },
  ];
  const order = (descending: boolean): number[] =>
    sortRows(rows, columns, { column: 'ml', descending }).map(({ id }) => id);
  expect(order(false)).toEqual([3, 1, 4, 2]);
  expect(order(true)).toEqual([1, 4, 3, 2]);
  expect(sortRows(rows, columns, null)).toBe(rows);
});

it('holds ten thousand rows with only those in sight in the page', async () => {
  document.body.style.cssText = 'height: 400px; margin: 0';
  document.head.append(
    Object.assign(document.createElement('style'), {
      textContent: 'div { box-sizing: border-box } body > div > div { height: 100% }',
    }),
  );
  const frame = document.body.appendChild(document.createElement('div'));
  frame.style.height = '400px';
  let selected: number | null = null;
  const screen = await render(
    DataTable as unknown as Component<Record<string, unknown>>,
    {
      label: 'Many',
      rows: many,
      columns,
      keyOf: ({ id }: Row) => id,
      selected: 0,
      onselect: ({ id }: Row) => (selected = id),
    },
    { baseElement: frame },
  );
  const body = screen.container.querySelector<HTMLElement>('[role="rowgroup"]');
  await expect.element(screen.getByText('scan 3', { exact: true })).toBeInTheDocument();
  expect(screen.container.querySelectorAll('.row').length).toBeLessThan(60);
  body?.focus();
  await userEvent.keyboard('{End}');
  expect(selected).toBe(9999);
  await expect.element(screen.getByText('scan 9999', { exact: true })).toBeInTheDocument();
  await screen.getByRole('button', { name: 'Volume' }).click();
  await expect
    .element(screen.getByRole('columnheader', { name: 'Volume' }))
    .toHaveAttribute('aria-sort', 'ascending');
});
