import { marked } from 'marked';

/** Our own help pages as HTML; links between pages become links of the window. */
export function markdownToHtml(text: string, pageId: string): string {
  const folder = pageId.split('/').slice(0, -1);
  const html = marked.parse(text, { async: false });
  return html.replace(/href="(?!https?:|#)([^"]+?)\.md"/g, (_, target: string) => {
    const parts = [...folder];
    for (const part of target.split('/')) {
      if (part === '..') parts.pop();
      else if (part !== '.') parts.push(part);
    }
    return `href="#/help/${parts.join('/')}"`;
  });
}
