import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { account, database, secondFactor, service } from 'supabase-embedded/testing';
import { localInstant, makeNeighbourhood } from './people.ts';
import type { Client, Neighbourhood, Person } from './people.ts';

let here: Neighbourhood;
/** a second owner and a manager of the plumber's, and somebody whom nobody has invited yet */
let naima: Person;
let mehdi: Person;
let salma: Person;
let plumber: string;
const db = database();

/** Puts people where a test needs them, past all rules. */
async function team(...members: [Person, string][]): Promise<void> {
	await db.begin(async (tx) => {
		await tx`alter table provider_members disable trigger user`;
		await tx`delete from provider_members where provider_id = ${plumber}`;
		for (const [{ id }, role] of members) {
			await tx`insert into provider_members (provider_id, user_id, role) values (${plumber}, ${id}, ${role})`;
		}
		await tx`alter table provider_members enable trigger user`;
	});
	await db`delete from invitations where provider_id = ${plumber}`;
}

const roles = async () => {
	const rows = await db<{ user_id: string; role: string }[]>`
		select user_id, role from provider_members where provider_id = ${plumber}`;
	const names = new Map(
		[here.youssef, here.karim, naima, mehdi, salma].map((who) => [who.id, who.email.split('.')[0]!])
	);
	return Object.fromEntries(rows.map(({ user_id, role }) => [names.get(user_id)!, role]));
};

/** The secret of an invitation's link, as the mail carries it. */
async function linkTo(email: string): Promise<string> {
	const [row] = await db<{ token: string }[]>`
		select private.invitation_token(invitation_id) as token from deliveries
		where recipient = ${email} and kind = 'team_invitation' and data ->> 'link' like '%/invitations/{invitation_token}'
		order by created_at desc limit 1`;
	return row!.token;
}

const invite = (client: Client, email: string, role = 'staff', provider = plumber) =>
	client.rpc('invite_member', { provider_id: provider, email, role });
const setRole = (client: Client, who: Person, role: string) =>
	client.rpc('set_member_role', { provider_id: plumber, user_id: who.id, role });
const remove = (client: Client, who: Person) => client.rpc('remove_member', { provider_id: plumber, user_id: who.id });
const leave = (client: Client) => client.rpc('leave_provider', { provider_id: plumber });
const handOver = (client: Client, who: Person) =>
	client.rpc('transfer_ownership', { provider_id: plumber, user_id: who.id });
const said = async (answer: PromiseLike<{ error: { message: string; details?: string } | null }>) => {
	const { error } = await answer;
	return error && (error.message === 'invalid_input' ? `invalid_input ${error.details}` : error.message);
};
const teamSize = async (client: Client) => (await client.rpc('provider_team', { provider_id: plumber })).data?.length;

beforeAll(async () => {
	here = await makeNeighbourhood();
	plumber = here.plumber.id;
	[naima, mehdi, salma] = (await Promise.all(['naima', 'mehdi', 'salma'].map((name) => account(name)))) as [
		Person,
		Person,
		Person
	];
	// Karim and Zineb have not set up a second factor.
	await Promise.all([here.youssef, naima, mehdi, salma].map(({ client }) => secondFactor(client)));
});
afterAll(async () => {
	await db.end();
	await here.close();
});

describe('the team', () => {
	beforeAll(() => team([here.youssef, 'owner'], [mehdi, 'manager'], [here.karim, 'staff']));

	test('is seen by its members, with names and addresses, owners first', async () => {
		for (const { client } of [here.youssef, mehdi, here.karim]) {
			const { data } = await client.rpc('provider_team', { provider_id: plumber });
			expect(data!.map(({ email, role }) => [email, role])).toEqual([
				[here.youssef.email, 'owner'],
				[mehdi.email, 'manager'],
				[here.karim.email, 'staff']
			]);
		}
	});

	test('lists those of one part in the order of names, as it is in the language that is asked in', async () => {
		const staff = { 'Zaki Alami': salma, 'amina Tazi': here.amina, 'Élodie Roux': naima, 'مريم العلوي': here.admin };
		for (const [name, { id }] of Object.entries(staff)) {
			await db`update profiles set full_name = ${name} where id = ${id}`;
			await db`insert into provider_members (provider_id, user_id, role) values (${plumber}, ${id}, 'staff')`;
		}
		const names = async (language: string) => {
			const { data } = await here.youssef.client.rpc('provider_team', { provider_id: plumber, language });
			return data!.map(({ full_name }) => full_name).filter((name) => name in staff);
		};
		const latin = ['amina Tazi', 'Élodie Roux', 'Zaki Alami'];
		const asked = { fr: await names('fr'), en: await names('en'), ar: await names('ar') };
		for (const { id } of Object.values(staff))
			await db`delete from provider_members where provider_id = ${plumber} and user_id = ${id}`;
		expect(asked).toEqual({
			fr: [...latin, 'مريم العلوي'],
			en: [...latin, 'مريم العلوي'],
			ar: ['مريم العلوي', ...latin]
		});
	});

	test('is not there for anybody else: strangers, other owners, platform staff, visitors', async () => {
		for (const { client } of [here.amina, here.zineb, here.admin]) {
			expect(await said(client.rpc('provider_team', { provider_id: plumber }))).toBe('not_found');
		}
		expect((await here.visitor.rpc('provider_team', { provider_id: plumber })).error?.code).toBe('42501');
	});

	test('is changed through functions alone', async () => {
		const { client } = here.youssef;
		const row = { provider_id: plumber, user_id: here.amina.id, role: 'owner' as const };
		expect((await client.from('provider_members').insert(row)).error?.code).toBe('42501');
		expect(
			(await client.from('provider_members').update({ role: 'owner' }).eq('provider_id', plumber)).error?.code
		).toBe('42501');
		expect((await client.from('provider_members').delete().eq('provider_id', plumber)).error?.code).toBe('42501');
	});
});

describe('who may change what', () => {
	beforeAll(() => team([here.youssef, 'owner'], [naima, 'owner'], [mehdi, 'manager'], [here.karim, 'staff']));

	const deeds: [string, (client: Client) => PromiseLike<{ error: { message: string } | null }>][] = [
		['invite', (client) => invite(client, 'new@example.com')],
		['give another part', (client) => setRole(client, naima, 'manager')],
		['take somebody out', (client) => remove(client, naima)],
		['hand the business over', (client) => handOver(client, naima)]
	];

	test.each(deeds)('a stranger who wants to %s finds no such business', async (_, deed) => {
		for (const { client } of [here.amina, here.zineb, here.admin, salma]) {
			expect(await said(deed(client))).toBe('not_found');
		}
		expect((await deed(here.visitor)).error).toMatchObject({ code: '42501' });
	});

	test.each(deeds)('staff may not %s', async (_, deed) => {
		expect(await said(deed(here.karim.client))).toBe('not_allowed');
	});

	test.each(deeds)('an owner who wants to %s proves first that it is them', async (_, deed) => {
		await team([here.zineb, 'owner'], [naima, 'staff']);
		expect(await said(deed(here.zineb.client))).toBe('step_up_required');
		await team([here.youssef, 'owner'], [naima, 'owner'], [mehdi, 'manager'], [here.karim, 'staff']);
	});

	test('a manager has the say over staff and over nobody above', async () => {
		const { client } = mehdi;
		expect(await said(invite(client, 'new@example.com', 'manager'))).toBe('not_allowed');
		expect(await said(setRole(client, here.karim, 'manager'))).toBe('not_allowed');
		expect(await said(setRole(client, mehdi, 'owner'))).toBe('not_allowed');
		expect(await said(remove(client, here.youssef))).toBe('not_allowed');
		expect(await said(handOver(client, mehdi))).toBe('not_allowed');
		expect(await said(invite(client, 'new@example.com', 'staff'))).toBeNull();
		expect(await said(remove(client, here.karim))).toBeNull();
		expect(await roles()).toEqual({ youssef: 'owner', naima: 'owner', mehdi: 'manager' });
	});

	test('parts and addresses that are none are refused by their field', async () => {
		const { client } = here.youssef;
		expect(await said(invite(client, 'new@example.com', 'owner'))).toBe('invalid_input role');
		expect(await said(setRole(client, mehdi, 'king'))).toBe('invalid_input role');
		expect(await said(setRole(client, here.amina, 'staff'))).toBe('not_found');
		expect(await said(remove(client, here.amina))).toBe('not_found');
		expect(await said(handOver(client, here.youssef))).toBe('invalid_input user_id');
		expect(await said(handOver(client, here.amina))).toBe('not_found');
		for (const email of ['', 'new', 'new@example', 'a b@example.com', `${'x'.repeat(250)}@example.com`]) {
			expect(await said(invite(client, email))).toBe('invalid_input email');
		}
	});
});

describe('a business is never without an owner', () => {
	test('its only one can neither leave, nor be taken out, nor step down', async () => {
		await team([here.youssef, 'owner'], [mehdi, 'manager']);
		const { client } = here.youssef;
		expect(await said(leave(client))).toBe('last_owner');
		expect(await said(remove(client, here.youssef))).toBe('last_owner');
		expect(await said(setRole(client, here.youssef, 'manager'))).toBe('last_owner');
		expect(await roles()).toEqual({ youssef: 'owner', mehdi: 'manager' });
	});

	test.each<[string, () => PromiseLike<{ error: { message: string } | null }>[]]>([
		['leave', () => [leave(here.youssef.client), leave(naima.client)]],
		['take each other out', () => [remove(here.youssef.client, naima), remove(naima.client, here.youssef)]],
		['step down', () => [setRole(here.youssef.client, here.youssef, 'staff'), setRole(naima.client, naima, 'staff')]]
	])('of two who %s at once, one stays', async (_, both) => {
		for (let round = 0; round < 8; round++) {
			await team([here.youssef, 'owner'], [naima, 'owner']);
			const answers = await Promise.all(both().map(said));
			expect(answers.filter((answer) => answer === null)).toHaveLength(1);
			expect(Object.values(await roles()).filter((role) => role === 'owner')).toHaveLength(1);
		}
	});

	test('handing over makes the heir owner and the giver manager, and the heir is told', async () => {
		await team([here.youssef, 'owner'], [here.karim, 'staff']);
		expect(await said(handOver(here.youssef.client, here.karim))).toBeNull();
		expect(await roles()).toEqual({ karim: 'owner', youssef: 'manager' });
		const { data } = await here.karim.client.from('notifications').select('kind').eq('kind', 'ownership_received');
		expect(data).toHaveLength(1);
		expect(await said(setRole(here.youssef.client, here.karim, 'staff'))).toBe('not_allowed');
	});

	test('an owner who leaves proves that it is them; staff just leave', async () => {
		await team([here.zineb, 'owner'], [here.youssef, 'owner'], [here.karim, 'staff']);
		expect(await said(leave(here.zineb.client))).toBe('step_up_required');
		expect(await said(leave(here.karim.client))).toBeNull();
		expect(await said(leave(here.karim.client))).toBe('not_found');
	});

	test('an account that is its only owner cannot be deleted from under it', async () => {
		await team([here.youssef, 'owner']);
		const { error } = await service().auth.admin.deleteUser(here.youssef.id);
		expect(error).not.toBeNull();
		expect(await roles()).toEqual({ youssef: 'owner' });
	});
});

describe('an invitation', () => {
	beforeAll(() => team([here.youssef, 'owner'], [mehdi, 'manager'], [here.karim, 'staff']));

	test('is seen by owners and managers, never with what its link holds', async () => {
		await invite(here.youssef.client, salma.email);
		for (const [{ client }, expected] of [
			[here.youssef, 1],
			[mehdi, 1],
			[here.karim, 0],
			[here.zineb, 0],
			[here.admin, 0],
			[salma, 0]
		] as const) {
			const { data } = await client.from('invitations').select('email, role').eq('provider_id', plumber);
			expect(data).toHaveLength(expected);
		}
		expect((await here.visitor.from('invitations').select('id')).error?.code).toBe('42501');
	});

	test('says to whoever holds its link what it is, and nothing to who guesses', async () => {
		const { data } = await here.visitor.rpc('get_invitation', { token: await linkTo(salma.email) });
		expect(data).toMatchObject([{ provider_id: plumber, role: 'staff' }]);
		for (const token of ['', 'x', 'f'.repeat(64)]) {
			expect(await said(here.visitor.rpc('get_invitation', { token }))).toBe('not_found');
			expect(await said(salma.client.rpc('accept_invitation', { token }))).toBe('not_found');
		}
	});

	test('tells its address and who sent it to whom it was sent to alone; others see the address masked', async () => {
		const token = await linkTo(salma.email);
		const seen = async (client: Client) =>
			(
				(await client.rpc('get_invitation', { token })).data as { email: string; invited_by: string; mine: boolean }[]
			)[0]!;
		const [sender] = await db`select full_name from profiles where id = ${here.youssef.id}`;
		expect(await seen(salma.client)).toMatchObject({
			...{ mine: true, email: salma.email, invited_by: sender!.full_name }
		});
		// not even those who sent it, as the link was not sent to them
		for (const client of [here.visitor, here.amina.client, here.youssef.client, here.admin.client]) {
			const answer = await seen(client);
			expect(answer).toMatchObject({ mine: false, email: 's…@example.com', invited_by: null });
			expect(JSON.stringify(answer)).not.toContain(salma.email);
		}
	});

	test('is for the address it was sent to and no other', async () => {
		const token = await linkTo(salma.email);
		expect(await said(here.amina.client.rpc('accept_invitation', { token }))).toBe('not_allowed');
		expect((await here.visitor.rpc('accept_invitation', { token })).error?.code).toBe('42501');
		expect(await roles()).not.toHaveProperty('salma');
	});

	test('is void when its address is invited anew: the last one counts', async () => {
		const first = await linkTo(salma.email);
		await invite(here.youssef.client, ` ${salma.email.toUpperCase()} `, 'manager');
		expect(await said(salma.client.rpc('accept_invitation', { token: first }))).toBe('not_found');
		const { data } = await here.visitor.rpc('get_invitation', { token: await linkTo(salma.email) });
		expect(data).toMatchObject([{ role: 'manager' }]);
	});

	test('works once, even where it is accepted twice at the same moment', async () => {
		const token = await linkTo(salma.email);
		const answers = await Promise.all([1, 2, 3].map(() => salma.client.rpc('accept_invitation', { token })));
		expect(answers.filter(({ data }) => data === plumber)).toHaveLength(1);
		expect(await roles()).toMatchObject({ salma: 'manager' });
		expect(await said(salma.client.rpc('accept_invitation', { token }))).toBe('not_found');
		expect(await said(here.visitor.rpc('get_invitation', { token }))).toBe('not_found');
		expect(await said(invite(here.youssef.client, salma.email))).toBe('already_member');
	});

	test('is either accepted or taken back, whoever is quicker', async () => {
		for (let round = 0; round < 6; round++) {
			await team([here.youssef, 'owner']);
			const made = await invite(here.youssef.client, salma.email);
			const token = await linkTo(salma.email);
			const [accepted, takenBack] = await Promise.all([
				said(salma.client.rpc('accept_invitation', { token })),
				said(here.youssef.client.rpc('revoke_invitation', { invitation_id: made.data! }))
			]);
			expect([accepted, takenBack].sort()).toEqual(['not_found', null].sort());
			expect('salma' in (await roles())).toBe(accepted === null);
		}
		await team([here.youssef, 'owner'], [mehdi, 'manager'], [here.karim, 'staff']);
	});

	test('goes with its address, to who has it now, and not with who had it before', async () => {
		const [before, now] = [(await account('before')) as Person, (await account('now')) as Person];
		const invited = before.email;
		await invite(here.youssef.client, invited);
		const move = (who: Person, email: string) => db`update auth.users set email = ${email} where id = ${who.id}`;
		await move(before, `moved.${randomUUID()}@example.com`);
		await move(now, invited);
		const [row] = await db`select invitee_id from invitations where email = ${invited}`;
		expect(row!.invitee_id).toBe(now.id);
		await db`delete from auth.users where id = ${before.id}`;
		const { data } = await now.client.rpc('get_invitation', { token: await linkTo(invited) });
		expect(data).toMatchObject([{ mine: true }]);
	});

	test('ends after its week, and when it is taken back', async () => {
		const made = await invite(here.youssef.client, here.amina.email);
		const token = await linkTo(here.amina.email);
		await db`update invitations set expires_at = now() - interval '1 second' where id = ${made.data!}`;
		expect(await said(here.amina.client.rpc('accept_invitation', { token }))).toBe('not_found');
		await db`update invitations set expires_at = now() + interval '1 day' where id = ${made.data!}`;
		const takeBack = (client: Client) => said(client.rpc('revoke_invitation', { invitation_id: made.data! }));
		expect(await takeBack(here.zineb.client)).toBe('not_found');
		expect(await takeBack(here.karim.client)).toBe('not_allowed');
		expect(await takeBack(mehdi.client)).toBeNull();
		expect(await takeBack(mehdi.client)).toBe('not_found');
		expect(await said(here.amina.client.rpc('accept_invitation', { token }))).toBe('not_found');
	});

	test('of managers is taken back by owners alone', async () => {
		const made = await invite(here.youssef.client, here.bilal.email, 'manager');
		expect(await said(mehdi.client.rpc('revoke_invitation', { invitation_id: made.data! }))).toBe('not_allowed');
	});

	test('falls with the right to send it: who was taken out cannot come back by it', async () => {
		await invite(mehdi.client, here.amina.email);
		const token = await linkTo(here.amina.email);
		await setRole(here.youssef.client, mehdi, 'staff');
		expect(await said(here.amina.client.rpc('accept_invitation', { token }))).toBe('not_found');
	});

	test('is a mail to anybody: twenty in an hour', async () => {
		await team([naima, 'owner']);
		await db`update private.rate_limits set max_calls = 20 where name = 'invite_member'`;
		const answers: (string | null)[] = [];
		for (let i = 0; i < 21; i++) answers.push(await said(invite(naima.client, `many.${i}@example.com`)));
		await db`update private.rate_limits set max_calls = 1000000 where name = 'invite_member'`;
		expect(answers.filter((answer) => answer === null)).toHaveLength(20);
		expect(answers.at(-1)).toBe('rate_limited');
	});
});

describe('access that is taken away', () => {
	test('is gone with the next call, whatever the token says', async () => {
		await team([here.youssef, 'owner'], [here.karim, 'staff']);
		const sees = async (table: 'provider_members' | 'service_resources' | 'providers') =>
			((await here.karim.client.from(table).select('*', { count: 'exact', head: true })).count ?? 0) > 0;
		await db`update providers set status = 'draft' where id = ${plumber}`;
		const draft = () => here.karim.client.from('providers').select('id').eq('id', plumber);
		expect((await draft()).data).toHaveLength(1);
		expect([await sees('provider_members'), await sees('service_resources')]).toEqual([true, true]);
		expect(await teamSize(here.karim.client)).toBe(2);

		expect(await said(remove(here.youssef.client, here.karim))).toBeNull();
		expect((await draft()).data).toHaveLength(0);
		expect([await sees('provider_members'), await sees('service_resources')]).toEqual([false, false]);
		expect(await said(here.karim.client.rpc('provider_team', { provider_id: plumber }))).toBe('not_found');
		await db`update providers set status = 'published' where id = ${plumber}`;
	});
});

describe('who stands for a resource', () => {
	const assign = (client: Client, user: string | null, resource = here.plumber.staff[0]!) =>
		said(client.rpc('assign_resource', { resource_id: resource, user_id: user! }));
	const shown = async () => {
		const { data } = await here.youssef.client.rpc('provider_team', { provider_id: plumber });
		return data!.find(({ user_id }) => user_id === here.karim.id)?.resource_id ?? null;
	};

	test('is said by owners and managers, of members and staff alone', async () => {
		await team([here.youssef, 'owner'], [mehdi, 'manager'], [here.karim, 'staff']);
		expect(await assign(here.karim.client, here.karim.id)).toBe('not_allowed');
		expect(await assign(here.zineb.client, here.zineb.id)).toBe('not_found');
		expect(await assign(mehdi.client, here.amina.id)).toBe('invalid_input user_id');
		expect(await assign(mehdi.client, here.karim.id)).toBeNull();
		expect(await shown()).toBe(here.plumber.staff[0]);
		// one resource for a person
		expect(await assign(mehdi.client, here.karim.id, here.plumber.staff[1])).toBeNull();
		expect(await shown()).toBe(here.plumber.staff[1]);
		expect(await assign(mehdi.client, null, here.plumber.staff[1])).toBeNull();
		expect(await shown()).toBeNull();
	});

	test('ends with the membership', async () => {
		await assign(here.youssef.client, here.karim.id);
		await remove(here.youssef.client, here.karim);
		const [row] = await db`select user_id from resources where id = ${here.plumber.staff[0]!}`;
		expect(row!.user_id).toBeNull();
	});
});

test('what is changed of a team at the same moment is done one after the other, beside those who book it', async () => {
	const [one, two] = here.plumber.staff as [string, string];
	const { youssef, karim, visitor } = here;
	const assign = (who: Person, resource: string, member: Person) =>
		who.client.rpc('assign_resource', { resource_id: resource, user_id: member.id });
	const renewFeed = ({ client }: Person) => client.rpc('renew_calendar_feed', { provider_id: plumber });
	const book = async (day: number) =>
		visitor.rpc('create_booking', {
			service_id: here.plumber.freeService,
			starts_at: await localInstant(db, day, '10:00'),
			guest: { name: 'Driss', email: 'driss@example.com' },
			idempotency_key: randomUUID()
		});
	const expected = [null, 'not_found', 'not_allowed', 'last_owner', 'invalid_input user_id'];
	for (let round = 0; round < 8; round++) {
		await team([youssef, 'owner'], [naima, 'owner'], [mehdi, 'manager'], [karim, 'staff']);
		await db`update resources set user_id = ${karim.id} where id = ${one}`;
		await db`update resources set user_id = ${mehdi.id} where id = ${two}`;
		const answers = await Promise.all(
			[
				invite(youssef.client, 'same@example.com'),
				invite(naima.client, 'same@example.com', 'manager'),
				assign(naima, two, karim),
				assign(mehdi, one, mehdi),
				book(round + 10),
				book(round + 10),
				handOver(youssef.client, naima),
				setRole(naima.client, youssef, 'staff'),
				renewFeed(karim),
				remove(naima.client, karim),
				renewFeed(youssef),
				leave(youssef.client)
			].map(said)
		);
		expect(expected).toEqual(expect.arrayContaining(answers));
		const [{ open }] = await db<[{ open: number }]>`
			select count(*)::int as open from invitations
			where provider_id = ${plumber} and email = 'same@example.com' and accepted_at is null`;
		expect(open).toBeLessThanOrEqual(1);
		expect(Object.values(await roles())).toContain('owner');
	}
});
