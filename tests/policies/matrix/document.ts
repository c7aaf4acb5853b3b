import { domains } from './index.ts';
import { actions, callers, columnsOf, fileActions, marks, marksOf, meanings, people, roomActions } from './notation.ts';
import type { Bucket, Domain, Function, Grants, Kind, Marks, Table, Topic } from './notation.ts';

const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
const oneLine = (text: string) => text.replaceAll(/\s+/g, ' ').trim();

/** A table of Markdown whose last ten columns are the callers. */
function grid(heads: string[], rows: [names: string[], marks: Marks][]): string {
	const head = [...heads, ...callers];
	const rule = head.map((_, index) => (index < heads.length ? '---' : ':-:'));
	return [head, rule, ...rows.map(([names, marks]) => [...names, ...callers.map((caller) => marks[caller])])]
		.map(row)
		.join('\n');
}

/** Lines of kinds: the name of each kind stands before its first line alone. */
function gridOfKinds(kinds: Kind[], whats: readonly string[]): string {
	return grid(
		['row', ''],
		kinds.flatMap((kind) =>
			whats.map((what, index): [string[], Marks] => [[index === 0 ? kind.name : '', what], marksOf(kind, what)])
		)
	);
}

const words = { select: 'read', insert: 'set when adding', update: 'change' } as const;

function grantsOf(table: Table, who: string, grants: Grants | undefined): string[] {
	return (['select', 'insert', 'update'] as const).flatMap((right) => {
		const columns = columnsOf(table, grants?.[right]);
		if (columns.length === 0) return [];
		const all = columnsOf(table, 'all');
		const missing = all.filter((name) => !columns.includes(name));
		const list = (names: string[]) => names.map((name) => `\`${name}\``).join(', ');
		const which =
			missing.length === 0
				? 'all columns'
				: missing.length < columns.length
					? `all but ${list(missing)}`
					: list(columns);
		return [`${who} may ${words[right]} ${which}`];
	});
}

function describeTable(name: string, table: Table): string {
	const grants = [...grantsOf(table, 'visitors', table.anon), ...grantsOf(table, 'accounts', table.authenticated)];
	const key =
		table.service === undefined
			? ''
			: ` The secret key may ${table.service.replace(' ', ' and ') || 'do nothing with it'}.`;
	const columns = grants.length === 0 ? 'No column is granted to anybody.' : `Columns: ${grants.join('; ')}.`;
	return `### ${name}\n\n${oneLine(table.about)} ${columns}${key}\n\n${gridOfKinds(table.rows, actions)}`;
}

function describeFunctions(functions: Record<string, Function>): string {
	const called = Object.entries(functions).flatMap(([name, { calls = [] }]) =>
		calls.map(({ what, marks }, index): [string[], Marks] => [[index === 0 ? `\`${name}\`` : '', what], marks])
	);
	const locked = Object.entries(functions).filter(([, one]) => one.for === 'secret key');
	const alone = locked.map(([name, { about }]) => `- \`${name}\`: ${oneLine(about)}`);
	return [
		...(called.length > 0 ? [`### Functions\n\n${grid(['function', 'about'], called)}`] : []),
		...(alone.length > 0 ? [`For the secret key alone:\n\n${alone.join('\n')}`] : [])
	].join('\n\n');
}

const describeBucket = (name: string, { about, public: open, files }: Bucket) =>
	`### Files of ${name}\n\n${oneLine(about)} ${open ? 'Read by address by anybody.' : 'Not read by address.'}\n\n${gridOfKinds(files, fileActions)}`;

const describeTopic = (name: string, { about, rooms }: Topic) =>
	`### Topic ${name}\n\n${oneLine(about)}\n\n${gridOfKinds(rooms, roomActions)}`;

function describeDomain({ title, tables = {}, functions = {}, buckets = {}, topics = {} }: Domain): string {
	return [
		`## ${title}`,
		...Object.entries(tables).map(([name, table]) => describeTable(name, table)),
		...(Object.keys(functions).length > 0 ? [describeFunctions(functions)] : []),
		...Object.entries(buckets).map(([name, bucket]) => describeBucket(name, bucket)),
		...Object.entries(topics).map(([name, topic]) => describeTopic(name, topic))
	].join('\n\n');
}

/** The whole matrix as a page of Markdown, not yet formatted. */
export function describeMatrix(): string {
	return [
		'# Who may do what',
		`This page is written by \`npm run matrix\` from the declaration in \`tests/policies/matrix\`. \`npm test\` tries every cell of
it with real tokens, and fails when a table, function, bucket or topic is missing; \`npm run load -- policies\` drops and opens
every policy in turn and fails when no cell notices.`,
		['| caller | who that is |', '| --- | --- |', ...callers.map((caller) => row([caller, people[caller]]))].join('\n'),
		['| mark | what becomes of it |', '| :-: | --- |', ...marks.map((mark) => row([mark, meanings[mark]]))].join('\n'),
		'Of a function, · is a refusal before anything is looked at.',
		...domains.map(describeDomain)
	].join('\n\n');
}
