import { z } from 'zod';
import type { Form } from './form.ts';
import type { ApiFailure } from './failure.ts';
import { invalidRequest } from './failure.ts';

/**
 * The parameters of one operation. `shape` says what the double acts on; `unmodelled` names what Stripe takes besides, so
 * that a request that would pass at Stripe is never refused as unknown, but as not modelled.
 */
export interface Parameters<Output = unknown> {
	schema: z.ZodType<Output>;
	unmodelled: readonly string[];
}

/** Passes when every name of `Params` is in the shape or in the list; otherwise it names those left out. */
type Exhaustive<Params, Listed> = [Exclude<keyof Params, Listed | 'expand'>] extends [never]
	? unknown
	: { leftOut: Exclude<keyof Params, Listed | 'expand'> };

/**
 * Declares the parameters of an operation against the SDK's own type `Params`: a name that Stripe does not have, or one that
 * is in neither list, does not compile.
 */
export function parametersOf<Params>() {
	return <Shape extends z.ZodRawShape, const Names extends readonly Exclude<keyof Params, keyof Shape>[]>(
		shape: Shape & { [Name in Exclude<keyof Shape, keyof Params>]: never },
		unmodelled: Names & Exhaustive<Params, keyof Shape | Names[number]>
	): Parameters<z.output<z.ZodObject<Shape>>> => ({
		schema: z.strictObject({ ...shape, expand: list(text()).optional() }) as unknown as z.ZodType<
			z.output<z.ZodObject<Shape>>
		>,
		unmodelled: unmodelled as unknown as string[]
	});
}

function refuse(context: z.RefinementCtx, message: string, code?: string): void {
	context.addIssue({ code: 'custom', message, params: { code } });
}

const empty =
	"You passed an empty string for '{param}'. We assume empty values are an attempt to unset a field; however '{param}' cannot be unset. You should remove '{param}' from your request or supply a non-empty value.";

/** Text that is not empty. */
export const text = (max = 5000) =>
	z.string().superRefine((value, context) => {
		if (value === '') refuse(context, empty, 'parameter_invalid_empty');
		else if (value.length > max)
			refuse(context, `Invalid string: ${value.slice(0, 8)}...${value.slice(-8)}; must be at most ${max} characters`);
	});

/** A whole number, sent as text. */
export const integer = (least = Number.MIN_SAFE_INTEGER) =>
	z.string().transform((value, context) => {
		if (!/^-?\d{1,15}$/.test(value)) {
			refuse(context, `Invalid integer: ${value}`, 'parameter_invalid_integer');
			return z.NEVER;
		}
		if (Number(value) < least)
			refuse(context, `This value must be greater than or equal to ${least}.`, 'parameter_invalid_integer');
		return Number(value);
	});

/** Money in the currency's smallest unit. */
export const amount = () =>
	z.string().transform((value, context) => {
		if (!/^-?\d+$/.test(value)) refuse(context, `Invalid integer: ${value}`, 'parameter_invalid_integer');
		else if (Number(value) < 0) refuse(context, 'Invalid non-negative integer', 'parameter_invalid_integer');
		else if (Number(value) > 99_999_999) refuse(context, 'Amount must be no more than 99999999', 'amount_too_large');
		return Number(value);
	});

export const boolean = () =>
	z.string().transform((value, context) => {
		if (value !== 'true' && value !== 'false') refuse(context, `Invalid boolean: ${value}`);
		return value === 'true';
	});

export const email = () =>
	text(512).superRefine((value, context) => {
		if (value !== '' && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value))
			refuse(context, `Invalid email address: ${value}`, 'email_invalid');
	});

/** An absolute address; `{CHECKOUT_SESSION_ID}` may stand in it. */
export const url = () =>
	text().superRefine((value, context) => {
		if (value !== '' && !/^https?:\/\/[^\s/]+/i.test(value)) refuse(context, 'Not a valid URL', 'url_invalid');
	});

/** One of a few words. */
export const oneOf = <const Words extends readonly [string, ...string[]]>(words: Words) => z.enum(words);

/** A hash with the given parts and no other. */
export const hash = <Shape extends z.ZodRawShape>(shape: Shape) => z.strictObject(shape);

/** A list, which arrives as a group named 0, 1, 2 … */
export const list = <Item extends z.ZodType>(item: Item) =>
	z.preprocess((value) => {
		if (typeof value !== 'object' || value === null) return value;
		const names = Object.keys(value);
		return names.every((name) => /^\d+$/.test(name))
			? names.sort((a, b) => Number(a) - Number(b)).map((name) => (value as Form)[name])
			: value;
	}, z.array(item));

/** A value that an empty string unsets. */
export const unsettable = <Schema extends z.ZodType>(schema: Schema) =>
	z.unknown().transform((value, context): z.output<Schema> | null => {
		if (value === '') return null;
		const parsed = schema.safeParse(value);
		if (parsed.success) return parsed.data;
		for (const issue of parsed.error.issues) context.issues.push({ ...issue, input: value } as never);
		return z.NEVER;
	});

/** Words of the caller's own: at most 50, names up to 40 characters, values up to 500. */
export const metadata = () =>
	unsettable(
		z.record(z.string(), z.string()).superRefine((value, context) => {
			const names = Object.keys(value);
			if (names.length > 50)
				refuse(context, `You can only have up to 50 metadata keys, but you provided ${names.length}.`);
			for (const name of names) {
				if (name.length > 40)
					refuse(context, `Metadata keys must be at most 40 characters; '${name}' has ${name.length}.`);
				else if ((value[name] ?? '').length > 500)
					refuse(
						context,
						`Metadata values can have up to 500 characters, but you passed in a value that is ${value[name]?.length} characters. Invalid value: ${value[name]?.slice(0, 20)}...`
					);
			}
		})
	);

/** The new metadata: an empty value drops its name, an empty whole drops all, what is not named stays. */
export function mergeMetadata(
	old: Record<string, string>,
	given: Record<string, string> | null | undefined
): Record<string, string> {
	if (given === undefined) return old;
	if (given === null) return {};
	return Object.fromEntries(Object.entries({ ...old, ...given }).filter(([, value]) => value !== ''));
}

/** `created=…` or `created[gte]=…`, in seconds. */
export const range = () =>
	z.unknown().transform((value, context): { gt?: number; gte?: number; lt?: number; lte?: number } => {
		const seconds = integer(0);
		const schema =
			typeof value === 'string'
				? seconds.transform((at) => ({ gte: at, lte: at }))
				: hash({ gt: seconds.optional(), gte: seconds.optional(), lt: seconds.optional(), lte: seconds.optional() });
		const parsed = schema.safeParse(value);
		if (parsed.success) return parsed.data;
		for (const issue of parsed.error.issues) context.issues.push({ ...issue, input: value } as never);
		return z.NEVER;
	});

/** What every list takes. */
export const paging = {
	limit: integer(1)
		.superRefine((value, context) => {
			if (value > 100) refuse(context, 'Invalid integer: must be between 1 and 100', 'parameter_invalid_integer');
		})
		.optional(),
	starting_after: text().optional(),
	ending_before: text().optional()
};

function paramName(path: readonly PropertyKey[]): string {
	return path.map((part, index) => (index === 0 ? String(part) : `[${String(part)}]`)).join('');
}

function at(form: unknown, path: readonly PropertyKey[]): unknown {
	return path.reduce<unknown>(
		(value, part) =>
			typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[part] : undefined,
		form
	);
}

function sentence(words: readonly unknown[]): string {
	const all = words.map(String);
	return all.length < 2 ? all.join('') : `${all.slice(0, -1).join(', ')}, or ${all.at(-1)}`;
}

/** Stripe's words for what a schema found: unknown names first, then what is missing, then what is wrong. */
function translate(issues: readonly z.core.$ZodIssue[], form: Form, unmodelled: readonly string[]): ApiFailure {
	const unknown = issues.flatMap((issue) =>
		issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...issue.path, key]) : []
	);
	const foreign = unknown.filter((path) => !unmodelled.includes(String(path[0]))).map(paramName);
	if (foreign[0] !== undefined) {
		return invalidRequest(`Received unknown parameter${foreign.length > 1 ? 's' : ''}: ${foreign.join(', ')}`, {
			code: 'parameter_unknown',
			param: foreign[0]
		});
	}
	if (unknown[0]) {
		const param = paramName(unknown[0]);
		return invalidRequest(`The test double does not model the parameter '${param}', which Stripe takes.`, {
			param,
			status: 501
		});
	}
	const absent = issues.find((issue) => issue.code !== 'custom' && at(form, issue.path) === undefined);
	if (absent) {
		const param = paramName(absent.path);
		return invalidRequest(`Missing required param: ${param}.`, { code: 'parameter_missing', param });
	}
	const issue = issues[0] as z.core.$ZodIssue;
	const param = paramName(issue.path);
	const given = at(form, issue.path);
	if (given === '' && issue.code !== 'custom')
		return invalidRequest(empty.replaceAll('{param}', param), { code: 'parameter_invalid_empty', param });
	switch (issue.code) {
		case 'custom': {
			const code = issue.params?.code as string | undefined;
			return invalidRequest(issue.message.replaceAll('{param}', param), { ...(code ? { code } : {}), param });
		}
		case 'invalid_value':
			return invalidRequest(`Invalid ${param}: must be one of ${sentence(issue.values)}`, { param });
		case 'invalid_type':
			return invalidRequest(`Invalid ${issue.expected === 'record' ? 'object' : issue.expected}`, { param });
		default:
			return invalidRequest(issue.message, { param });
	}
}

/** Checks a form. Raises what Stripe would answer. */
export function parse<Output>(parameters: Parameters<Output>, form: Form): Output {
	const parsed = parameters.schema.safeParse(form);
	if (parsed.success) return parsed.data;
	throw translate(parsed.error.issues, form, parameters.unmodelled);
}

/** For operations that take nothing but `expand`. */
export const noParameters = parametersOf<{ expand?: string[] }>()({}, []);
