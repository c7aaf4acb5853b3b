import { escapeHtml } from './escape.ts';

/** What a template may name: `.Token`, `.Data.language`, … */
export type TemplateData = Record<string, unknown>;

type Node = string | { field: string } | { branches: { condition: Condition | null; body: Node[] }[] };

interface Condition {
	field: string;
	value: string;
}

/** Where in the markup a value stands decides how it is written. */
type Place = 'text' | 'address' | 'query';

const field = /^(?:\.[A-Za-z_]\w*)+$/;
const condition = /^if eq ((?:\.[A-Za-z_]\w*)+) "([^"]*)"$/;

/**
 * A template in the part of Go's `html/template` that the mails use: `{{ .Field }}`, `{{ .Data.key }}` and
 * `{{ if eq .Field "value" }} … {{ else if eq … }} … {{ else }} … {{ end }}`.
 * @throws Error naming the action that is not understood, or the `if` that is not ended
 */
export function parseTemplate(source: string): (data: TemplateData) => string {
	const root: Node[] = [];
	const open: { branches: { condition: Condition | null; body: Node[] }[] }[] = [];
	const body = () => open.at(-1)?.branches.at(-1)!.body ?? root;

	source.split(/\{\{(.*?)\}\}/s).forEach((part, index) => {
		if (index % 2 === 0) return void body().push(part);
		const action = part.trim();
		const start = condition.exec(action.replace(/^else /, ''));
		const current = open.at(-1);
		if (field.test(action)) {
			body().push({ field: action });
		} else if (start && action.startsWith('if')) {
			const node = { branches: [{ condition: { field: start[1]!, value: start[2]! }, body: [] }] };
			body().push(node);
			open.push(node);
		} else if (current && current.branches.at(-1)!.condition && (start || action === 'else')) {
			current.branches.push({ condition: start && { field: start[1]!, value: start[2]! }, body: [] });
		} else if (current && action === 'end') {
			open.pop();
		} else {
			throw new Error(`the action {{ ${action} }} is not understood`);
		}
	});
	if (open.length > 0) throw new Error('an {{ if }} is not ended');
	return (data) => render(root, data, { written: '' });
}

function render(nodes: Node[], data: TemplateData, state: { written: string }): string {
	for (const node of nodes) {
		if (typeof node === 'string') state.written += node;
		else if ('field' in node) state.written += write(read(data, node.field), place(state.written));
		else {
			const chosen = node.branches.find(
				({ condition }) => !condition || read(data, condition.field) === condition.value
			);
			if (chosen) render(chosen.body, data, state);
		}
	}
	return state.written;
}

function read(data: TemplateData, path: string): unknown {
	return path
		.slice(1)
		.split('.')
		.reduce<unknown>(
			(value, key) =>
				typeof value === 'object' && value !== null && Object.hasOwn(value, key)
					? (value as TemplateData)[key]
					: undefined,
			data
		);
}

function place(written: string): Place {
	const attribute = /<[^<>]*\s(?:href|src)\s*=\s*"([^"<>]*)$/i.exec(written);
	if (!attribute) return 'text';
	return /[?#]/.test(attribute[1]!) ? 'query' : 'address';
}

function write(value: unknown, where: Place): string {
	const text =
		value === undefined || value === null ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value);
	if (where === 'query') return encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16)}`);
	// As Go does, an address that could run a script is replaced by one that leads nowhere.
	if (where === 'address' && /^[^/?#]*:/.test(text) && !/^(https?|mailto):/i.test(text)) return '#ZgotmplZ';
	return escapeHtml(text);
}
