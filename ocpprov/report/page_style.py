"""The look of a report: on a light and a dark screen, narrow and wide, and on paper."""

from __future__ import annotations

from typing import Final

STYLE: Final = """
:root {
  color-scheme: light dark;
  --page: #ffffff; --card: #f5f6f8; --text: #1b1f24; --soft: #505a66; --line: #c3cad3; --link: #1f4fa3;
  --good: #2c6b2f; --bad: #a1252f; --warn: #7d5200; --bar: #7ea2dc; --chain: #b4540a; --mark: #fbe3cc;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --page: #0f1318; --card: #191f26; --text: #eef1f5; --soft: #b4bdc8; --line: #3b4550; --link: #9cc1ff;
    --good: #8fd694; --bad: #ff9aa2; --warn: #f1c264; --bar: #5a86cc; --chain: #f29a4f; --mark: #4a2c12;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 16px/1.5 system-ui, sans-serif; }
header, main, footer { max-width: 1320px; margin: 0 auto; padding: 0 16px; }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 24px 0 4px; overflow-wrap: anywhere; }
h2 { font-size: 1.3rem; margin: 40px 0 8px; border-bottom: 1px solid var(--line); padding-bottom: 4px; }
h3 { font-size: 1.05rem; margin: 24px 0 4px; }
a { color: var(--link); }
a:focus-visible, [tabindex]:focus-visible { outline: 3px solid var(--chain); outline-offset: 2px; }
.skip { position: absolute; left: -999px; }
.skip:focus { left: 8px; top: 8px; background: var(--page); padding: 8px; }
nav ul { list-style: none; display: flex; flex-wrap: wrap; gap: 4px 18px; padding: 0; margin: 12px 0; }
.badge { display: inline-block; margin: 20px 0 -16px; padding: 2px 10px; border: 2px solid var(--warn);
  color: var(--warn); border-radius: 6px; font-weight: 700; }
.soft { color: var(--soft); }
.good { color: var(--good); font-weight: 600; }
.bad { color: var(--bad); font-weight: 600; }
.warn { color: var(--warn); font-weight: 600; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 4px 18px; background: var(--card); padding: 14px 16px;
  border-radius: 8px; margin: 16px 0; }
dt { color: var(--soft); }
dd { margin: 0; overflow-wrap: anywhere; min-width: 0; }
code { font: 0.9em ui-monospace, monospace; overflow-wrap: anywhere; }
figure { margin: 12px 0; }
.wide { overflow-x: auto; }
.topology, .reach { display: block; height: auto; }
table { border-collapse: collapse; width: 100%; font-size: 0.92rem; margin: 8px 0; }
caption { text-align: left; color: var(--soft); padding: 4px 0; }
th, td { text-align: left; vertical-align: top; padding: 5px 12px 5px 0; border-bottom: 1px solid var(--line); }
thead th { border-bottom: 2px solid var(--line); white-space: nowrap; }
tbody th { font-weight: 600; }
td.id, td.text { overflow-wrap: anywhere; min-width: 13rem; }
td.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
th.number { text-align: right; }
td.time { white-space: nowrap; font-variant-numeric: tabular-nums; }
td.track { width: 38%; min-width: 150px; padding-top: 9px; }
.bar { height: 12px; min-width: 3px; border-radius: 3px; background: var(--bar); }
tr.chain .bar { background: var(--chain); }
.mark { background: var(--mark); border-radius: 4px; padding: 0 6px; font-size: 0.85em; white-space: nowrap; }
.counts { width: auto; }
footer { margin-top: 40px; padding-bottom: 32px; color: var(--soft); font-size: 0.9rem; }
@media screen and (max-width: 620px) {
  dl { grid-template-columns: 1fr; gap: 0; }
  dd { margin-bottom: 8px; }
  table:not(.counts), table:not(.counts) :is(caption, tbody, tr, th, td) { display: block; }
  table:not(.counts) thead { position: absolute; left: -9999px; }
  table:not(.counts) tr { padding: 7px 0; border-bottom: 1px solid var(--line); }
  table:not(.counts) :is(th, td, td.id, td.text, td.number, td.track) { border: 0; padding: 1px 0; min-width: 0;
    width: auto; text-align: left; white-space: normal; overflow-wrap: anywhere; }
  table:not(.counts) td:empty { display: none; }
  table:not(.counts) td:not(.track)::before { content: attr(data-label) ": "; color: var(--soft); }
}
@media print {
  @page { margin: 14mm; }
  body { font-size: 10pt; }
  header, main, footer { max-width: none; padding: 0; }
  nav, .skip { display: none; }
  .wide { overflow: visible; }
  .topology, .reach { width: 100%; }
  h2, h3, caption { break-after: avoid; }
  tr, figure, dl { break-inside: avoid; }
  thead { display: table-header-group; }
  table { font-size: 7.5pt; }
  thead th { white-space: normal; }
  tbody th, td { overflow-wrap: anywhere; padding-right: 8px; }
  tbody th { min-width: 15em; }
  .counts tbody th { min-width: 0; }
  td.id, td.text { min-width: 9.5em; }
  td.time { white-space: normal; min-width: 6em; }
  td.track { width: 30%; min-width: 8em; }
  .bar { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  a { color: inherit; }
}
"""
