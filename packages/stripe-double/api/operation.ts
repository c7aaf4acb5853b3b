import type { Cause, Double } from '../double.ts';
import type { Parameters } from './parameters.ts';

/** One request to one operation, its parameters checked. */
export interface Call<Input> {
	double: Double;
	/** the id in the path, or '' where there is none */
	id: string;
	input: Input;
	cause: Cause;
}

/** One method of the API. It answers the object of Stripe's type, without expansion. */
export interface Operation {
	method: 'GET' | 'POST' | 'DELETE';
	/** with `:id` where the object's id stands */
	path: string;
	parameters: Parameters<unknown>;
	run(call: Call<unknown>): object;
}

export function operation<Input>(
	method: Operation['method'],
	path: string,
	parameters: Parameters<Input>,
	run: (call: Call<Input>) => object
): Operation {
	return { method, path, parameters, run: (call) => run(call as Call<Input>) };
}
