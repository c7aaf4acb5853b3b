/** The page's whole look. Light and dark follow the device. */
export const style = `
:root {
	color-scheme: light dark;
	--ground: light-dark(#f4f5f8, #12141a);
	--surface: light-dark(#fff, #1b1e27);
	--text: light-dark(#1a1f36, #eef0f6);
	--quiet: light-dark(#545b70, #a6adc0);
	--line: light-dark(#d3d8e3, #363c4c);
	--action: light-dark(#0b6b50, #35c295);
	--on-action: light-dark(#fff, #06251b);
	--wrong: light-dark(#b3261e, #ff9d94);
	--wrong-ground: light-dark(#fdecea, #3a1c1b);
	--badge: light-dark(#7a4b00, #ffd591);
	--badge-ground: light-dark(#fff2d9, #3a2c10);
}
* { box-sizing: border-box; margin: 0; }
body { min-block-size: 100dvh; background: var(--ground); color: var(--text); font: 1rem/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif; }
.badge { padding: .5rem 1rem; background: var(--badge-ground); color: var(--badge); font-size: .875rem; font-weight: 600; text-align: center; }
main { display: grid; gap: 1.25rem; max-inline-size: 60rem; margin-inline: auto; padding: 1.25rem 1rem 3rem; }
main.narrow { max-inline-size: 30rem; padding-block-start: 3rem; }
section, .card { background: var(--surface); border: 1px solid var(--line); border-radius: 1rem; padding: 1.25rem; }
h1 { font-size: 1.375rem; line-height: 1.25; letter-spacing: -.01em; }
h2 { font-size: 1rem; margin-block-end: .75rem; }
.brand { display: flex; align-items: center; gap: .625rem; font-weight: 700; }
.brand svg { inline-size: 1.75rem; block-size: 1.75rem; }
.total { margin-block: 1rem .25rem; color: var(--quiet); }
.amount { font-size: 2rem; font-weight: 700; letter-spacing: -.02em; font-variant-numeric: tabular-nums; }
.lines { list-style: none; padding: 0; margin-block-start: 1.25rem; border-block-start: 1px solid var(--line); }
.lines li { display: flex; justify-content: space-between; gap: 1rem; padding-block: .75rem; border-block-end: 1px solid var(--line); }
.lines b { font-weight: 600; overflow-wrap: anywhere; }
.lines small, .hint { display: block; color: var(--quiet); font-size: .875rem; }
.lines span:last-child { white-space: nowrap; font-variant-numeric: tabular-nums; }
form { display: grid; gap: 1rem; }
form h2 { margin-block: .25rem -.375rem; }
.field { display: grid; gap: .375rem; align-content: start; min-inline-size: 0; }
.pair { display: grid; grid-template-columns: 1fr 1fr; gap: .75rem; }
label { font-size: .9375rem; font-weight: 600; }
input { inline-size: 100%; min-block-size: 3rem; padding: .625rem .875rem; border: 1px solid var(--line); border-radius: .625rem; background: var(--surface); color: inherit; font: inherit; font-variant-numeric: tabular-nums; }
input[readonly] { background: var(--ground); color: var(--quiet); }
input[aria-invalid=true] { border-color: var(--wrong); }
:focus-visible { outline: 3px solid var(--action); outline-offset: 2px; }
.error { color: var(--wrong); font-size: .875rem; }
.alert { padding: .75rem 1rem; border-radius: .625rem; background: var(--wrong-ground); color: var(--wrong); font-weight: 600; }
button, .button { display: inline-flex; justify-content: center; align-items: center; inline-size: 100%; min-block-size: 3.25rem; padding: .75rem 1rem; border: 1px solid transparent; border-radius: .75rem; background: var(--action); color: var(--on-action); font: inherit; font-weight: 700; text-decoration: none; cursor: pointer; }
button.second { background: transparent; border-color: var(--line); color: inherit; }
a.cancel { display: inline-flex; align-items: center; min-block-size: 2.75rem; color: var(--quiet); }
details { color: var(--quiet); font-size: .875rem; }
summary { cursor: pointer; padding-block: .75rem; }
::placeholder { color: var(--quiet); opacity: 1; }
details ul { padding-inline-start: 1.125rem; display: grid; gap: .25rem; }
code { font-family: ui-monospace, monospace; color: var(--text); white-space: nowrap; }
.stack { display: grid; gap: 1rem; }
@media (min-width: 48rem) {
	main:not(.narrow) { grid-template-columns: 1fr 1.15fr; align-items: start; gap: 2rem; padding-block-start: 3rem; }
	.side { background: transparent; border-color: transparent; }
	section, .card { padding: 1.75rem; }
}
`;
