/** Who calls, in the order of the marks of a line. */
export const callers = [
	'anonymous',
	'client',
	'other',
	'blocked',
	'owner',
	'manager',
	'staff',
	'rival',
	'moderator',
	'admin'
] as const;
export type Caller = (typeof callers)[number];

/** What each caller is, for the published matrix. */
export const people: Record<Caller, string> = {
	anonymous: 'a visitor without an account',
	client: 'the customer whose rows they are',
	other: 'a customer who has nothing to do with anybody here',
	blocked: 'a customer whose rows they are, and whom the platform has suspended',
	owner: 'owner of the provider, the second factor given',
	manager: 'manager of the provider, likewise',
	staff: 'member of the provider’s staff',
	rival: 'owner of another provider',
	moderator: 'moderator of the platform, the second factor given',
	admin: 'administrator of the platform, likewise'
};

/** What becomes of a try. Of tables, files and topics there is but ✓ and ·. */
export const meanings = {
	'✓': 'it works',
	'·': 'it is refused, or finds nothing',
	'?': 'the answer is not_found, as for what is not there',
	'!': 'the answer is not_allowed',
	'2': 'the answer is step_up_required: the second factor is wanted',
	'×': 'the answer is invalid_input: what was given is not the caller’s',
	'#': 'the answer is that something stands in the way',
	'0': 'the answer is empty'
} as const;
export type Mark = keyof typeof meanings;
export const marks: Mark[] = ['✓', '·', '?', '!', '2', '×', '#', '0'];
export type Marks = Record<Caller, Mark>;

/** One line of the matrix: what is tried, and what becomes of it for each caller. */
export interface Line {
	what: string;
	marks: Marks;
}
/** Lines about one kind of row, subject or topic. */
export interface Kind {
	name: string;
	lines: Line[];
}

export const actions = ['select', 'insert', 'update', 'delete'] as const;
export type Action = (typeof actions)[number];
/** What is tried on files and in topics. */
export const fileActions = ['upload', 'replace', 'read', 'list', 'delete'] as const;
export type FileAction = (typeof fileActions)[number];
export const roomActions = ['listen', 'send', 'be present'] as const;

/** Columns by name: `all`, `all but a b`, or the names; left out: none. `delete` is a right on the whole row. */
export interface Grants {
	select?: string;
	insert?: string;
	update?: string;
	delete?: true;
}

export interface Table {
	about: string;
	/** every column of the table: a new one has to be thought of here before it can be anybody's */
	columns: string;
	/** those of them that the database computes, which nobody writes */
	computed?: string;
	anon?: Grants;
	authenticated?: Grants;
	/** rights of the secret key, where they are not all */
	service?: string;
	/** by kind of row; an action that has no line is nobody's */
	rows: Kind[];
}

export interface Function {
	about: string;
	/** who may execute it: visitors and accounts, accounts alone, or the secret key alone (which may execute the others too) */
	for: 'everyone' | 'accounts' | 'secret key';
	/** by subject of the call; none where the secret key alone may call */
	calls?: Line[];
}

export interface Bucket {
	about: string;
	/** read by address, without asking anybody */
	public: boolean;
	files: Kind[];
}

export interface Topic {
	about: string;
	rooms: Kind[];
}

/** One chapter of the matrix. */
export interface Domain {
	title: string;
	tables?: Record<string, Table>;
	functions?: Record<string, Function>;
	buckets?: Record<string, Bucket>;
	topics?: Record<string, Topic>;
}

const marked = /^(.*?)((?:\s+[✓·?!2×#0]){10})$/;
const heading = callers.join(' ');

function parse(text: string, kinds: Kind[]): Kind[] {
	for (const row of text.split('\n').map((one) => one.trim())) {
		if (row === '' || row.replaceAll(/\s+/g, ' ') === heading) continue;
		const match = marked.exec(row);
		if (!match) {
			kinds.push({ name: row, lines: [] });
			continue;
		}
		const marks = match[2]!.trim().split(/\s+/) as Mark[];
		const kind = kinds.at(-1);
		if (!kind) throw new Error(`"${row}" stands under no kind.`);
		kind.lines.push({
			what: match[1]!.trim(),
			marks: Object.fromEntries(callers.map((caller, index) => [caller, marks[index]!])) as Marks
		});
	}
	return kinds;
}

/** Lines as a person writes them: under a heading, each a name and ten marks. Raises on anything else. */
export function lines([text = '']: TemplateStringsArray): Line[] {
	const [kind, ...others] = parse(text, [{ name: '', lines: [] }]);
	if (others.length > 0) throw new Error(`"${others[0]!.name}" has not ten marks.`);
	return kind!.lines;
}

/** The same under names of kinds, which are lines without marks. */
export function kinds([text = '']: TemplateStringsArray): Kind[] {
	return parse(text, []);
}

const nobody = Object.fromEntries(callers.map((caller) => [caller, '·'])) as Marks;

/** What is declared of an action on a kind of row. */
export function marksOf(kind: Kind, what: string): Marks {
	return kind.lines.find((one) => one.what === what)?.marks ?? nobody;
}

/** The names that a list of columns means. */
export function columnsOf(table: Table, list: string | undefined): string[] {
	if (list === undefined) return [];
	const all = table.columns.split(/\s+/);
	const unknown = list.split(/\s+/).filter((word) => !all.includes(word) && word !== 'all' && word !== 'but');
	if (unknown.length > 0) throw new Error(`There is no column ${unknown.join(', ')}.`);
	if (list === 'all') return all;
	if (list.startsWith('all but ')) return all.filter((name) => !list.split(/\s+/).includes(name));
	return list.split(/\s+/);
}
