/** How a report looks, on the screen and on A4. */
export const reportStyle = `
:root { color-scheme: light; }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1.5rem; color: #182028; font: 14px/1.5 system-ui, "Segoe UI", "Liberation Sans", sans-serif; }
h1 { margin: 0 0 .25rem; font-size: 1.7rem; }
h2 { margin: 2.2rem 0 .6rem; padding-bottom: .2rem; border-bottom: 2px solid #0b6b80; font-size: 1.2rem; }
h3 { margin: 1.2rem 0 .4rem; font-size: 1rem; }
.facts, .date, .none, figcaption { color: #4a5763; }
.facts, .date { margin: 0; }
table { width: 100%; margin: .4rem 0 .8rem; border-collapse: collapse; font-size: .9rem; font-variant-numeric: tabular-nums; }
th, td { padding: .25rem .6rem .25rem 0; border-bottom: 1px solid #d9e0e5; text-align: left; vertical-align: top; }
th { color: #4a5763; font-weight: 600; }
td.n { text-align: right; padding-right: 1.4rem; }
tr { break-inside: avoid; }
.flow { display: grid; grid-template-columns: repeat(3, 1fr); gap: .6rem; padding: 0; list-style: none; }
.flow li { padding: .5rem .8rem; border: 1px solid #d9e0e5; border-radius: 6px; }
.flow strong { display: block; font-size: 1.4rem; }
.statement { padding: .7rem 1rem; border-left: 4px solid #0b6b80; background: #eef6f8; }
figure { margin: .6rem 0; break-inside: avoid; }
svg { width: 100%; max-width: 40rem; font: 12px system-ui, "Liberation Sans", sans-serif; }
.bar { fill: #0b6b80; } .whisker, .axis { fill: none; stroke: #182028; } .line { fill: none; stroke: #0b6b80; stroke-width: 2; }
.dot { fill: #0b6b80; } .asked { stroke: #a92f27; stroke-dasharray: 4 3; } .tick { fill: #4a5763; font-size: 11px; }
.gallery { display: grid; grid-template-columns: repeat(6, 1fr); gap: .5rem; }
.gallery img { width: 100%; background: #000; }
.gallery figcaption { font-size: .7rem; overflow-wrap: anywhere; }
footer { margin-top: 2rem; color: #4a5763; font-size: .85rem; }
@page { size: A4; margin: 16mm 14mm; }
@media print { body { margin: 0; padding: 0; max-width: none; font-size: 11px; } }
`;
