export interface FailureFields {
	type: 'card_error' | 'invalid_request_error' | 'api_error' | 'idempotency_error';
	message: string;
	code?: string;
	decline_code?: string;
	param?: string;
	/** id of the charge that was declined */
	charge?: string;
	/** the intent as it stands after the refusal */
	payment_intent?: unknown;
	payment_method?: unknown;
}

/** A refusal in Stripe's words: an HTTP status and the body of its `error`. */
export class ApiFailure extends Error {
	readonly status: number;
	readonly fields: FailureFields;

	constructor(status: number, fields: FailureFields) {
		super(fields.message);
		this.status = status;
		this.fields = fields;
	}

	/** What the answer's body holds. */
	toJSON(): { error: FailureFields & { doc_url?: string } } {
		const { code } = this.fields;
		return {
			error: code
				? { ...this.fields, doc_url: `https://stripe.com/docs/error-codes/${code.replaceAll('_', '-')}` }
				: this.fields
		};
	}
}

/** A request that is wrong in itself: status 400. */
export function invalidRequest(
	message: string,
	more: { code?: string; param?: string; status?: number } = {}
): ApiFailure {
	const { status = 400, ...fields } = more;
	return new ApiFailure(status, { type: 'invalid_request_error', message, ...fields });
}

/** An id that names nothing: 404 in a path, 400 as a parameter. */
export function missing(kind: string, id: string, param = 'id'): ApiFailure {
	return invalidRequest(`No such ${kind}: '${id}'`, {
		code: 'resource_missing',
		param,
		status: param === 'id' ? 404 : 400
	});
}
