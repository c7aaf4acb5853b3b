/**
 * A refusal as the Storage API words it. Its own status is in the body; HTTP's is 400 for all that is the caller's doing.
 */
export class StorageError extends Error {
	statusCode: number;
	/** the stable name that clients go by */
	code: string;
	/** the older name, kept beside it */
	error: string;

	constructor(statusCode: number, code: string, message: string, error: string = code) {
		super(message);
		this.statusCode = statusCode;
		this.code = code;
		this.error = error;
	}

	answer(): Response {
		return Response.json(
			{ statusCode: String(this.statusCode), code: this.code, error: this.error, message: this.message },
			{ status: this.statusCode >= 500 ? this.statusCode : 400 }
		);
	}
}

export const objectNotFound = () => new StorageError(404, 'NoSuchKey', 'Object not found', 'not_found');
export const bucketNotFound = () => new StorageError(404, 'NoSuchBucket', 'Bucket not found', 'Bucket not found');
export const tooLarge = () =>
	new StorageError(413, 'EntityTooLarge', 'The object exceeded the maximum allowed size', 'Payload too large');
export const invalidRequest = (message: string) => new StorageError(400, 'InvalidRequest', message, 'invalid_request');

/** What a database error means to the caller; what it does not explain is given back as it is. */
export function fromDatabase(error: unknown): unknown {
	const { code, message } = error as { code?: string; message: string };
	if (code === '42501') {
		return new StorageError(
			403,
			'AccessDenied',
			message.startsWith('new row violates row-level security')
				? 'new row violates row-level security policy'
				: message,
			'Unauthorized'
		);
	}
	if (code === '23505')
		return new StorageError(409, 'ResourceAlreadyExists', 'The resource already exists', 'Duplicate');
	if (code === '23503') return bucketNotFound();
	if (code === '57014') return new StorageError(544, 'DatabaseTimeout', 'The connection to the database timed out');
	if (/^(ECONNREFUSED|ECONNRESET|CONNECT.*|57P0\d|08\d+)$/.test(code ?? ''))
		return new StorageError(503, 'DatabaseError', 'The database is not reachable at this moment');
	if (code === '53100')
		return new StorageError(507, 'InsufficientStorage', 'There is no room left', 'insufficient_storage');
	// What a policy or trigger of the project raises is for the caller to read.
	if (/^[0-9A-Z]{5}$/.test(code ?? '')) return new StorageError(400, 'DatabaseError', message);
	return error;
}
