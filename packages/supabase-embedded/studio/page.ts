import { html, raw } from 'hono/html';
import type { Column, Table } from './tables.ts';

type Html = ReturnType<typeof html>;

const style = `
:root { color-scheme: light dark; --line: color-mix(in srgb, currentColor 18%, transparent); font: 14px/1.45 system-ui, sans-serif; }
body { margin: 0; display: grid; grid-template-columns: 17rem 1fr; height: 100vh; }
nav { overflow: auto; padding: 1rem; border-inline-end: 1px solid var(--line); }
main { overflow: auto; padding: 1rem; }
h1 { font-size: 1.1rem; margin: 0 0 .5rem; } h2 { font-size: .8rem; opacity: .7; margin: 1.2rem 0 .3rem; }
nav a { display: flex; justify-content: space-between; gap: .5rem; padding: .15rem .4rem; border-radius: 4px; color: inherit; text-decoration: none; }
nav a:hover, nav a[aria-current] { background: var(--line); } nav small { opacity: .6; }
table { border-collapse: collapse; } th, td { border: 1px solid var(--line); padding: .25rem .5rem; text-align: start; vertical-align: top; }
th { position: sticky; top: -1rem; background: Canvas; } th small { display: block; font-weight: normal; opacity: .7; }
td { max-width: 22rem; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; font-family: ui-monospace, monospace; font-size: 12px; }
td.null { opacity: .4; } p.pages a { margin-inline-end: 1rem; }
`;

const address = (table: Table) => `/table/${encodeURIComponent(table.schema)}/${encodeURIComponent(table.name)}`;

/** The whole page: tables at the side, `content` beside them. */
export function page(tables: Table[], current: Table | null, content: Html): Html {
	const schemas = [...new Set(tables.map(({ schema }) => schema))];
	return html`<!doctype html>
		<html lang="en">
			<head>
				<meta charset="utf-8" />
				<meta name="viewport" content="width=device-width" />
				<title>${current ? `${current.schema}.${current.name} · ` : ''}Tables</title>
				<style>
					${raw(style)}
				</style>
			</head>
			<body>
				<nav aria-label="Tables">
					<h1><a href="/">Tables</a></h1>
					${schemas.map(
						(schema) =>
							html`<h2>${schema}</h2>
								${tables
									.filter((table) => table.schema === schema)
									.map(
										(table) =>
											html`<a href="${address(table)}" ${table === current ? 'aria-current=page' : ''}
												>${table.name}<small>${table.kind === 'view' ? 'view' : table.rows}</small></a
											>`
									)}`
					)}
				</nav>
				<main>${content}</main>
			</body>
		</html>`;
}

export function welcome(): Html {
	return html`<h1>The embedded platform’s tables</h1>
		<p>Read only, past all policies, on this machine alone. Numbers at the side are Postgres’s estimates.</p>
		<p>
			For changes use a migration, or connect to the database with a client of your own. Supabase Studio itself comes
			with a hosted project.
		</p>`;
}

export function rowsPage(
	table: Table,
	columns: Column[],
	rows: (string | null)[][],
	offset: number,
	limit: number
): Html {
	const to = (at: number) => `${address(table)}?offset=${at}`;
	return html`<h1>${table.schema}.${table.name}</h1>
		<p>${table.kind === 'view' ? 'View' : table.guarded ? 'Guarded by policies' : 'Not guarded by policies'}</p>
		<p class="pages">
			${offset > 0 ? html`<a href="${to(Math.max(0, offset - limit))}">← Earlier</a>` : ''} Rows
			${rows.length === 0 ? 0 : offset + 1}–${offset + rows.length}
			${rows.length === limit ? html`<a href="${to(offset + limit)}">Later →</a>` : ''}
		</p>
		<table>
			<thead>
				<tr>
					${columns.map(({ name, type, nullable, key }) => html`<th scope="col">${name}<small>${type}${nullable ? '' : ', not null'}</small><small>${key}</small></th>`)}
				</tr>
			</thead>
			<tbody>
				${rows.map(
					(row) =>
						html`<tr>
							${row.map((value) => (value === null ? html`<td class="null">null</td>` : html`<td title="${value.slice(0, 2000)}">${value.slice(0, 200)}</td>`))}
						</tr>`
				)}
			</tbody>
		</table>`;
}
