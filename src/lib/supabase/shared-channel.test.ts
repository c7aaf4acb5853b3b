import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { SharedChannel } from './shared-channel.ts';

/** A connection that does as it is told, and knows each topic once, as the real one. */
class Connection {
	log: string[] = [];
	connected = true;
	isConnected = () => this.connected;
	status: (status: string) => void = () => {};
	heard: (message: { event: string; payload: unknown; meta?: { id: string } }) => void = () => {};
	/** the same of each topic */
	statusOf: Record<string, typeof this.status> = {};
	heardOf: Record<string, typeof this.heard> = {};
	channel(name: string) {
		const channel = {
			on: (_kind: string, _filter: object, handle: typeof this.heard) => (this.heardOf[name] = this.heard = handle),
			subscribe: (status: typeof this.status) => {
				this.log.push(`join ${name}`);
				this.statusOf[name] = this.status = status;
			},
			send: () => {}
		};
		return channel;
	}
	removeChannel() {
		this.log.push('leave');
		return Promise.resolve('ok');
	}
}

let connection: Connection;
vi.mock('./browser.ts', () => ({ realtime: () => Promise.resolve(connection) }));

beforeEach(() => {
	vi.useFakeTimers();
	connection = new Connection();
});
afterEach(async () => {
	await vi.advanceTimersByTimeAsync(5000);
	vi.useRealTimers();
});

/** A part of a page that notes what it is told. */
function part(name = 'user:amina') {
	const told: string[] = [];
	const stop = SharedChannel.of(name).listen({
		on: { notification: ({ kind }) => told.push(String(kind)) },
		changed: (live) => told.push(live ? 'live' : 'lost'),
		refused: () => told.push('refused')
	});
	return { told, stop };
}

const settle = () => vi.advanceTimersByTimeAsync(0);

test('two parts of a page join a topic once, and both hear it', async () => {
	const [bell, page] = [part(), part()];
	await settle();
	connection.status('SUBSCRIBED');
	connection.heard({ event: 'notification', payload: { kind: 'booking_made' } });
	connection.heard({ event: 'something_else', payload: {} });
	expect(connection.log).toEqual(['join user:amina']);
	expect(bell.told).toEqual(['live', 'booking_made']);
	expect(page.told).toEqual(['live', 'booking_made']);
	bell.stop();
	page.stop();
});

test('who comes late is told that it is live, and so catches up', async () => {
	const bell = part();
	await settle();
	connection.status('SUBSCRIBED');
	const page = part();
	await settle();
	expect(page.told).toEqual(['live']);
	expect(bell.told).toEqual(['live']);
	bell.stop();
	page.stop();
});

test('one part that leaves takes nothing from the other; the last one leaves the topic', async () => {
	const [bell, page] = [part(), part()];
	await settle();
	connection.status('SUBSCRIBED');
	page.stop();
	await vi.advanceTimersByTimeAsync(5000);
	connection.heard({ event: 'notification', payload: { kind: 'booking_made' } });
	expect(bell.told).toEqual(['live', 'booking_made']);
	expect(page.told).toEqual(['live']);
	expect(connection.log).toEqual(['join user:amina']);
	bell.stop();
	await vi.advanceTimersByTimeAsync(5000);
	expect(connection.log).toEqual(['join user:amina', 'leave']);
});

test('a topic that the next page wants as well is kept between the two', async () => {
	part().stop();
	const next = part();
	await settle();
	connection.status('SUBSCRIBED');
	await vi.advanceTimersByTimeAsync(5000);
	expect(connection.log).toEqual(['join user:amina']);
	expect(next.told).toEqual(['live']);
	next.stop();
});

test('a topic that is wanted again while it is being left is joined after that', async () => {
	let gone = () => {};
	connection.removeChannel = () => {
		connection.log.push('leave');
		return new Promise((resolve) => (gone = () => resolve('ok')));
	};
	const first = part();
	await settle();
	first.stop();
	await vi.advanceTimersByTimeAsync(1500);
	const second = part();
	await settle();
	expect(connection.log).toEqual(['join user:amina', 'leave']);
	gone();
	await settle();
	expect(connection.log).toEqual(['join user:amina', 'leave', 'join user:amina']);
	second.stop();
	await vi.advanceTimersByTimeAsync(1500);
	gone();
});

test('what the database tells is heard when its rows can be read, in the order in which it was told', async () => {
	const bell = part();
	await settle();
	connection.status('SUBSCRIBED');
	for (const kind of ['booking_made', 'message_received']) {
		connection.heard({ event: 'notification', payload: { kind }, meta: { id: kind } });
	}
	expect(bell.told).toEqual(['live']);
	await vi.advanceTimersByTimeAsync(500);
	expect(bell.told).toEqual(['live', 'booking_made', 'message_received']);
	bell.stop();
});

test('whoever listens is told when the connection is lost', async () => {
	const bell = part();
	await settle();
	connection.status('SUBSCRIBED');
	connection.connected = false;
	connection.status('CHANNEL_ERROR');
	expect(bell.told).toEqual(['live', 'lost']);
	bell.stop();
});

test('whoever listens is told when they may not', async () => {
	const bell = part();
	await settle();
	connection.status('CHANNEL_ERROR');
	expect(bell.told).toEqual(['lost', 'refused']);
	bell.stop();
});

test.each([[null], ['x'], [7], [[]], [undefined]])('a payload of %j is heard as an empty one', async (payload) => {
	const bell = part();
	await settle();
	connection.status('SUBSCRIBED');
	connection.heard({ event: 'notification', payload });
	expect(bell.told).toEqual(['live', 'undefined']);
	bell.stop();
});

test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])('an event named %s is nothing', async (event) => {
	const bell = part();
	await settle();
	connection.status('SUBSCRIBED');
	expect(() => connection.heard({ event, payload: {} })).not.toThrow();
	expect(bell.told).toEqual(['live']);
	bell.stop();
});

test.each(['rights_changed', 'sessions_ended'])(
	'%s on one’s own topic has the right to others asked anew',
	async (event) => {
		const [mine, team, looked] = [part('user:amina'), part('provider:salon'), part('service:cut')];
		await settle();
		for (const topic of ['user:amina', 'provider:salon', 'service:cut']) connection.statusOf[topic]!('SUBSCRIBED');
		connection.log = [];
		connection.heardOf['provider:salon']!({ event, payload: {} });
		await settle();
		expect(connection.log).toEqual([]);
		connection.heardOf['user:amina']!({ event, payload: {} });
		await settle();
		expect(connection.log).toEqual(['leave', 'join provider:salon']);
		connection.statusOf['provider:salon']!('CHANNEL_ERROR');
		expect(team.told).toEqual(['live', 'lost', 'refused']);
		for (const { stop } of [mine, team, looked]) stop();
	}
);

test('a right that can be lost is asked anew every minute, without a word of it while it stands', async () => {
	const [team, looked] = [part('provider:salon'), part('service:cut')];
	await settle();
	for (const topic of ['provider:salon', 'service:cut']) connection.statusOf[topic]!('SUBSCRIBED');
	connection.log = [];
	await vi.advanceTimersByTimeAsync(60_000);
	expect(connection.log).toEqual(['leave', 'join provider:salon']);
	connection.statusOf['provider:salon']!('SUBSCRIBED');
	expect(team.told).toEqual(['live', 'live']);
	for (const { stop } of [team, looked]) stop();
});
