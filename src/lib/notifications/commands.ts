import type { Client } from '#lib/supabase/client.ts';
import { unwrap } from '#lib/supabase/refusal.ts';

const unread = (client: Client) =>
	client.from('notifications').update({ read_at: new Date().toISOString() }).is('read_at', null);

/** Marks one of the caller's notifications read; nothing happens where it is read already, or somebody else's. */
export async function markRead(client: Client, id: string): Promise<void> {
	const { error } = await unread(client).eq('id', id);
	unwrap({ data: true, error });
}

/** Marks read what the caller got up to an instant: those of the list they saw, not one that came meanwhile. */
export async function markAllRead(client: Client, until: string): Promise<void> {
	const { error } = await unread(client).lte('created_at', until);
	unwrap({ data: true, error });
}

/** Marks read what the caller was told of a booking: its page has been opened. */
export async function markBookingRead(client: Client, bookingId: string): Promise<void> {
	const { error } = await unread(client).eq('booking_id', bookingId);
	unwrap({ data: true, error });
}
