import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const root = join(import.meta.dirname, '..');

/** A route of the site, as its folder spells it: `/[[lang=lang]]/(site)/bookings/[id]`. */
export interface Route {
	id: string;
	page: boolean;
	endpoint: boolean;
}

/** All routes, found from the sources: one that is written tomorrow is among them. */
export function routesOfSite(): Route[] {
	const folder = join(root, 'src/routes');
	const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((path) => path.replaceAll('\\', '/'));
	const routes = new Map<string, Route>();
	for (const file of files) {
		const [, path = '', name = ''] = /^(?:(.*)\/)?([^/]+)$/.exec(file) ?? [];
		const page = name === '+page.svelte';
		const endpoint = name === '+server.ts';
		if (!page && !endpoint) continue;
		const id = `/${path}`;
		const known = routes.get(id);
		routes.set(id, { id, page: page || known?.page === true, endpoint: endpoint || known?.endpoint === true });
	}
	return [...routes.values()].sort((a, b) => a.id.localeCompare(b.id));
}

/** The path of a route with its parameters filled in; groups have no place in it, and an optional part is left out without a value. */
export function pathOf(id: string, parameters: Record<string, string>): string {
	const parts = id.split('/').flatMap((part) => {
		if (/^\(.*\)$/.test(part)) return [];
		const filled = part.replace(/\[{1,2}(?:\.\.\.)?(\w+)(?:=\w+)?\]{1,2}/g, (_, name: string) =>
			encodeURIComponent(parameters[name] ?? '')
		);
		return filled === '' ? [] : [filled];
	});
	return `/${parts.join('/')}`;
}

/** Where the site takes a POST: a page's form action, or an endpoint. */
export interface Action {
	route: string;
	/** `default`, the name of a form action, or null for an endpoint */
	name: string | null;
}

interface Node {
	server?: { actions?: Record<string, unknown> };
}
interface Manifest {
	nodes: (() => Promise<Node>)[];
	routes: { id: string; page: { leaf: number } | null; endpoint: (() => Promise<Record<string, unknown>>) | null }[];
}

/** All form actions and endpoints that take a POST, as the built site knows them; null where no build is at hand. */
export async function actionsOfSite(): Promise<Action[] | null> {
	const file = join(root, 'build/server/manifest.js');
	if (!existsSync(file)) return null;
	const { manifest } = (await import(pathToFileURL(file).href)) as { manifest: Manifest };
	const found: Action[] = [];
	for (const { id, page, endpoint } of manifest.routes) {
		if (endpoint && 'POST' in (await endpoint())) found.push({ route: id, name: null });
		const node = page && (await manifest.nodes[page.leaf]!());
		for (const name of Object.keys(node?.server?.actions ?? {})) found.push({ route: id, name });
	}
	return found;
}

/** The address of an action on its page. */
export const addressOf = ({ name }: Action, path: string) =>
	name === null || name === 'default' ? path : `${path}?/${name}`;
