import type { RealtimeChannel } from '@supabase/supabase-js';
import { callers, marksOf, roomActions } from './notation.ts';
import type { Caller, Kind } from './notation.ts';
import { conversationOf } from './rows/recipe.ts';
import type { Scene } from './scene.ts';
import { clientOf } from './tables.ts';

const theirs = {
	'of the client with the provider': async (scene: Scene, client: string) =>
		(await conversationOf(scene, client)).id as string,
	'of the client with a suspended provider': async (scene: Scene, client: string) =>
		(await conversationOf(scene, client, scene.suspended)).id as string
};

/** The id in a topic's name, by kind of topic and of room. A `…` in the kind's name stands for it. */
const rooms: Record<string, Record<string, (scene: Scene, client: string) => string | Promise<string>>> = {
	user: { 'the client’s': (_, client) => client, 'the owner’s': (scene) => scene.id.owner },
	provider: {
		'of a published provider': (scene) => scene.published.id,
		'of a draft': (scene) => scene.draft.id,
		'of a suspended provider': (scene) => scene.suspended.id
	},
	service: {
		'of a published provider': (scene) => scene.published.service,
		'of a draft': (scene) => scene.draft.service
	},
	conversation: theirs,
	'conversation … presence': theirs
};

const topicOf = (name: string, id: string) => (name.includes(' … ') ? name.replace(' … ', `:${id}:`) : `${name}:${id}`);

/** Somebody in a room, and what they have heard there. */
interface Seat {
	caller: Caller;
	channel: RealtimeChannel;
	joined: boolean;
	bells: number;
	heard: Set<string>;
}

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Tries to join, and keeps what is heard from then on. */
async function sit(scene: Scene, caller: Caller, topic: string): Promise<Seat> {
	const client = scene.as[caller];
	await client.realtime.setAuth();
	const channel = client.channel(topic, {
		config: { private: true, broadcast: { self: true }, presence: { key: caller, enabled: true } }
	});
	const seat: Seat = { caller, channel, joined: false, bells: 0, heard: new Set() };
	channel.on('broadcast', { event: 'bell' }, () => seat.bells++);
	channel.on('broadcast', { event: 'trial' }, ({ payload }) => seat.heard.add((payload as { from: string }).from));
	channel.on('presence', { event: 'sync' }, () => {});
	seat.joined = await new Promise<boolean>((resolve) =>
		channel.subscribe((status) => {
			if (status !== 'CLOSED') resolve(status === 'SUBSCRIBED');
		})
	);
	return seat;
}

/** Waits until everybody who joined has heard the database's bell, which comes after all that was sent before it. */
async function ring(scene: Scene, topic: string, seats: Seat[]): Promise<void> {
	await scene.db`select realtime.send('{}'::jsonb, 'bell', ${topic}, true)`;
	for (let waited = 0; waited < 4000 && seats.some(({ joined, bells }) => joined && bells === 0); waited += 25)
		await pause(25);
	await pause(150);
}

type Seen = Record<(typeof roomActions)[number], Set<string>>;

/** Lets callers into one topic, has each of them send and show presence, and says what came of it. */
async function visit(scene: Scene, topic: string, visitors: readonly Caller[]): Promise<Seen> {
	const seats = await Promise.all(visitors.map((caller) => sit(scene, caller, topic)));
	for (const { caller, channel, joined } of seats) {
		const payload = { from: caller };
		if (joined) {
			await channel.send({ type: 'broadcast', event: 'trial', payload });
			await channel.track({ from: caller }, { timeout: 1500 });
		}
		// who may not join may still try over HTTP
		await channel.httpSend('trial', payload).catch(() => {});
	}
	await ring(scene, topic, seats);
	const seen: Seen = { listen: new Set(), send: new Set(), 'be present': new Set() };
	for (const { caller, channel, joined, bells, heard } of seats) {
		if (joined && bells > 0) seen.listen.add(caller);
		for (const from of heard) seen.send.add(from);
		for (const key of Object.keys(channel.presenceState())) seen['be present'].add(key);
	}
	await Promise.all(seats.map(({ caller, channel }) => scene.as[caller].removeChannel(channel)));
	return seen;
}

/** Tries all lines of one kind of room, through sockets. Returns what was not as declared. */
export async function tryRoom(scene: Scene, name: string, kind: Kind): Promise<string[]> {
	const idOf = rooms[name]?.[kind.name];
	if (!idOf) throw new Error(`topics.ts does not say which ${name} is meant: ${kind.name}.`);
	const byTopic = new Map<string, Caller[]>();
	for (const caller of callers) {
		const topic = topicOf(name, await idOf(scene, clientOf(scene, caller)));
		byTopic.set(topic, [...(byTopic.get(topic) ?? []), caller]);
	}
	const surprises: string[] = [];
	for (const [topic, visitors] of byTopic) {
		const seen = await visit(scene, topic, visitors);
		for (const what of roomActions) {
			for (const caller of visitors) {
				const may = marksOf(kind, what)[caller] === '✓';
				if (seen[what].has(caller) === may) continue;
				surprises.push(
					`${name}, ${kind.name}: ${caller} ${what}: ${may ? 'may, but did not succeed' : 'may not, but did'}`
				);
			}
		}
	}
	return surprises;
}
