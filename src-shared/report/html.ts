/** Text that is safe inside HTML, attributes included. */
export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

export type HtmlCell = string | number | null;

/** A number as a report prints it: at most `digits` behind the point, a dash for none. */
export const printed = (value: number | null, digits = 2): string =>
  value === null ? '–' : value.toFixed(digits);

/** A table of plain texts; numbers stand to the right. Nothing in it is taken for markup. */
export function htmlTable(head: readonly string[], rows: readonly (readonly HtmlCell[])[]): string {
  if (rows.length === 0) return '<p class="none">None.</p>';
  const cell = (value: HtmlCell): string =>
    `<td${typeof value === 'number' ? ' class="n"' : ''}>${value === null ? '–' : escapeHtml(String(value))}</td>`;
  return `<table><thead><tr>${head.map((title) => `<th scope="col">${escapeHtml(title)}</th>`).join('')}</tr></thead><tbody>${rows
    .map((row) => `<tr>${row.map(cell).join('')}</tr>`)
    .join('')}</tbody></table>`;
}

export const htmlList = (items: readonly string[]): string =>
  items.length === 0
    ? '<p class="none">None.</p>'
    : `<ul>${items.map((item) => `<li>${escapeHtml(item)}</li>`).join('')}</ul>`;

export const paragraph = (text: string): string => `<p>${escapeHtml(text)}</p>`;

export const section = (id: string, title: string, ...parts: readonly string[]): string =>
  `<section id="${id}"><h2>${escapeHtml(title)}</h2>${parts.join('\n')}</section>`;
