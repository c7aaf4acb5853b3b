import postgres from 'postgres';

/** How one call is carried out: the statements inside its functions that take longest, each with its plan. */
export interface Plans {
	name: string;
	/** milliseconds, with the cost of writing all this down */
	total: number;
	statements: { text: string; times: number; milliseconds: number; plan: string }[];
}

const shown = 6;
const shortest = 0.02;

/** A notice of auto_explain in its parts, or null. */
function parse(message: string): { milliseconds: number; text: string; plan: string } | null {
	const found =
		/^duration: ([\d.]+) ms\s+plan:\nQuery Text: ([\s\S]*?)\n(?:Query Parameters: .*\n)?(\S[^\n]*\(cost=[\s\S]*)$/.exec(
			message
		);
	if (!found) return null;
	return {
		milliseconds: Number(found[1]),
		text: found[2]!.replace(/\s+/g, ' ').trim(),
		plan: found[3]!.trimEnd()
	};
}

/** Runs each query on a connection of its own, with EXPLAIN ANALYZE of every statement that it leads to. */
export async function explain(superuserUrl: string, queries: [name: string, query: string][]): Promise<Plans[]> {
	const answers: Plans[] = [];
	for (const [name, query] of queries) {
		const notices: string[] = [];
		const sql = postgres(superuserUrl, { max: 1, onnotice: ({ message }) => void notices.push(message ?? '') });
		try {
			await sql.unsafe(`load 'auto_explain'; set auto_explain.log_nested_statements = on; set auto_explain.log_analyze = on;
				set auto_explain.log_timing = off; set auto_explain.log_min_duration = 0; set client_min_messages = log`);
			notices.length = 0;
			await sql.unsafe(query);
		} finally {
			await sql.end();
		}
		const all = notices.map(parse).filter((one) => one !== null);
		const byText = new Map<string, Plans['statements'][number]>();
		for (const { text, milliseconds, plan } of all.slice(0, -1)) {
			const known = byText.get(text);
			if (known) {
				known.times++;
				known.milliseconds += milliseconds;
			} else byText.set(text, { text, times: 1, milliseconds, plan });
		}
		answers.push({
			name,
			total: all.at(-1)?.milliseconds ?? 0,
			statements: [...byText.values()]
				.filter(({ milliseconds, plan }) => milliseconds >= shortest && !/^(Result|Function Scan) /.test(plan))
				.sort((a, b) => b.milliseconds - a.milliseconds)
				.slice(0, shown)
		});
	}
	return answers;
}

/** The plans as a page to read. */
export function plansPage(plans: Plans[]): string {
	const part = ({ name, total, statements }: Plans) => `## ${name}

${total.toFixed(1)} ms with the cost of writing this down. The statements inside it that take longest:

${statements
	.map(
		({
			text,
			times,
			milliseconds,
			plan
		}) => `\`${text.slice(0, 110).replaceAll('`', "'")}${text.length > 110 ? ' …' : ''}\`
(${times === 1 ? 'once' : `${times} times`}, ${milliseconds.toFixed(2)} ms)

\`\`\`text
${plan}
\`\`\``
	)
	.join('\n\n')}
`;
	return `# Plans

Written by \`npm run bench\` beside [benchmarks.md](benchmarks.md), from the same data: what \`EXPLAIN ANALYZE\` says of the
statements inside our functions.

${plans.map(part).join('\n')}`;
}
