export type Json = string | number | boolean | null | { [key: string]: Json | undefined } | Json[];

export type Database = {
	public: {
		Tables: {
			audit_log: {
				Row: {
					action: string;
					actor_id: string | null;
					actor_role: string;
					at: string;
					id: string;
					new_values: Json | null;
					old_values: Json | null;
					provider_id: string | null;
					row_id: string;
					table_name: string;
				};
				ComputedFields: never;
				Insert: {
					action: string;
					actor_id?: string | null;
					actor_role: string;
					at?: string;
					id?: string;
					new_values?: Json | null;
					old_values?: Json | null;
					provider_id?: string | null;
					row_id: string;
					table_name: string;
				};
				Update: {
					action?: string;
					actor_id?: string | null;
					actor_role?: string;
					at?: string;
					id?: string;
					new_values?: Json | null;
					old_values?: Json | null;
					provider_id?: string | null;
					row_id?: string;
					table_name?: string;
				};
				Relationships: [];
			};
			audit_personal: {
				Row: {
					account_id: string | null;
					address: string | null;
					entry_id: string;
					id: string;
					new_values: Json | null;
					old_values: Json | null;
					provider_id: string | null;
				};
				ComputedFields: never;
				Insert: {
					account_id?: string | null;
					address?: string | null;
					entry_id: string;
					id?: string;
					new_values?: Json | null;
					old_values?: Json | null;
					provider_id?: string | null;
				};
				Update: {
					account_id?: string | null;
					address?: string | null;
					entry_id?: string;
					id?: string;
					new_values?: Json | null;
					old_values?: Json | null;
					provider_id?: string | null;
				};
				Relationships: [
					{
						foreignKeyName: 'audit_personal_entry_id_fkey';
						columns: ['entry_id'];
						isOneToOne: false;
						referencedRelation: 'audit_log';
						referencedColumns: ['id'];
					},
					{
						foreignKeyName: 'audit_personal_provider_id_fkey';
						columns: ['provider_id'];
						isOneToOne: false;
						referencedRelation: 'providers';
						referencedColumns: ['id'];
					}
				];
			};
			booking_events: {
				Row: {
					actor: Database['public']['Enums']['booking_actor'];
					actor_id: string | null;
					booking_id: string;
					created_at: string;
					from_status: Database['public']['Enums']['booking_status'] | null;
					id: string;
					moved_from: string | null;
					reason: string;
					to_status: Database['public']['Enums']['booking_status'];
				};
				ComputedFields: never;
				Insert: {
					actor: Database['public']['Enums']['booking_actor'];
					actor_id?: string | null;
					booking_id: string;
					created_at?: string;
					from_status?: Database['public']['Enums']['booking_status'] | null;
					id?: string;
					moved_from?: string | null;
					reason?: string;
					to_status: Database['public']['Enums']['booking_status'];
				};
				Update: {
					actor?: Database['public']['Enums']['booking_actor'];
					actor_id?: string | null;
					booking_id?: string;
					created_at?: string;
					from_status?: Database['public']['Enums']['booking_status'] | null;
					id?: string;
					moved_from?: string | null;
					reason?: string;
					to_status?: Database['public']['Enums']['booking_status'];
				};
				Relationships: [
					{
						foreignKeyName: 'booking_events_booking_id_fkey';
						columns: ['booking_id'];
						isOneToOne: false;
						referencedRelation: 'bookings';
						referencedColumns: ['id'];
					}
				];
			};
			booking_seats: {
				Row: {
					booking_id: string;
					seat: string;
					session_id: string;
				};
				ComputedFields: never;
				Insert: {
					booking_id: string;
					seat: string;
					session_id: string;
				};
				Update: {
					booking_id?: string;
					seat?: string;
					session_id?: string;
				};
				Relationships: [
					{
						foreignKeyName: 'booking_seats_booking_id_fkey';
						columns: ['booking_id'];
						isOneToOne: false;
						referencedRelation: 'bookings';
						referencedColumns: ['id'];
					},
					{
						foreignKeyName: 'booking_seats_session_id_fkey';
						columns: ['session_id'];
						isOneToOne: false;
						referencedRelation: 'sessions';
						referencedColumns: ['id'];
					}
				];
			};
			booking_transitions: {
				Row: {
					actor: Database['public']['Enums']['booking_actor'];
					condition: Database['public']['Enums']['transition_condition'] | null;
					from_status: Database['public']['Enums']['booking_status'];
					to_status: Database['public']['Enums']['booking_status'];
				};
				ComputedFields: never;
				Insert: {
					actor: Database['public']['Enums']['booking_actor'];
					condition?: Database['public']['Enums']['transition_condition'] | null;
					from_status: Database['public']['Enums']['booking_status'];
					to_status: Database['public']['Enums']['booking_status'];
				};
				Update: {
					actor?: Database['public']['Enums']['booking_actor'];
					condition?: Database['public']['Enums']['transition_condition'] | null;
					from_status?: Database['public']['Enums']['booking_status'];
					to_status?: Database['public']['Enums']['booking_status'];
				};
				Relationships: [];
			};
			bookings: {
				Row: {
					address: Json | null;
					answer_by: string | null;
					before_change: Json | null;
					created_at: string;
					currency: string;
					customer_email: string;
					customer_id: string | null;
					customer_name: string;
					customer_phone: string | null;
					deposit_minor: number;
					discount_minor: number;
					ends_at: string;
					forfeited_minor: number;
					free_to_cancel: boolean;
					hold_expires_at: string | null;
					id: string;
					idempotency_key: string;
					language: Database['public']['Enums']['language'];
					local_starts_at: string;
					mode: Database['public']['Enums']['booking_mode'];
					notes: string;
					paid_minor: number;
					paid_on_site_minor: number;
					party_size: number;
					policy: NonNullable<Json>;
					price_minor: number;
					provider_id: string;
					reference: string;
					refund_cap_percent: number;
					refund_minor: number;
					request_hash: string | null;
					seats: string[] | null;
					service_id: string;
					session_id: string | null;
					starts_at: string;
					status: Database['public']['Enums']['booking_status'];
					time_zone: string;
					top_up_by: string | null;
					updated_at: string;
					waitlist_entry_id: string | null;
				};
				ComputedFields: never;
				Insert: {
					address?: Json | null;
					answer_by?: string | null;
					before_change?: Json | null;
					created_at?: string;
					currency: string;
					customer_email: string;
					customer_id?: string | null;
					customer_name: string;
					customer_phone?: string | null;
					deposit_minor: number;
					discount_minor?: number;
					ends_at: string;
					forfeited_minor?: number;
					free_to_cancel?: boolean;
					hold_expires_at?: string | null;
					id?: string;
					idempotency_key: string;
					language: Database['public']['Enums']['language'];
					local_starts_at: string;
					mode: Database['public']['Enums']['booking_mode'];
					notes?: string;
					paid_minor?: number;
					paid_on_site_minor?: number;
					party_size?: number;
					policy: NonNullable<Json>;
					price_minor: number;
					provider_id: string;
					reference: string;
					refund_cap_percent?: number;
					refund_minor?: number;
					request_hash?: string | null;
					seats?: string[] | null;
					service_id: string;
					session_id?: string | null;
					starts_at: string;
					status: Database['public']['Enums']['booking_status'];
					time_zone: string;
					top_up_by?: string | null;
					updated_at?: string;
					waitlist_entry_id?: string | null;
				};
				Update: {
					address?: Json | null;
					answer_by?: string | null;
					before_change?: Json | null;
					created_at?: string;
					currency?: string;
					customer_email?: string;
					customer_id?: string | null;
					customer_name?: string;
					customer_phone?: string | null;
					deposit_minor?: number;
					discount_minor?: number;
					ends_at?: string;
					forfeited_minor?: number;
					free_to_cancel?: boolean;
					hold_expires_at?: string | null;
					id?: string;
					idempotency_key?: string;
					language?: Database['public']['Enums']['language'];
					local_starts_at?: string;
					mode?: Database['public']['Enums']['booking_mode'];
					notes?: string;
					paid_minor?: number;
					paid_on_site_minor?: number;
					party_size?: number;
					policy?: NonNullable<Json>;
					price_minor?: number;
					provider_id?: string;
					reference?: string;
					refund_cap_percent?: number;
					refund_minor?: number;
					request_hash?: string | null;
					seats?: string[] | null;
					service_id?: string;
					session_id?: string | null;
					starts_at?: string;
					status?: Database['public']['Enums']['booking_status'];
					time_zone?: string;
					top_up_by?: string | null;
					updated_at?: string;
					waitlist_entry_id?: string | null;
				};
				Relationships: [
					{
						foreignKeyName: 'bookings_provider_id_fkey';
						columns: ['provider_id'];
						isOneToOne: false;
						referencedRelation: 'providers';
						referencedColumns: ['id'];
					},
					{
						foreignKeyName: 'bookings_service_id_fkey';
						columns: ['service_id'];
						isOneToOne: false;
						referencedRelation: 'services';
						referencedColumns: ['id'];
					},
					{
						foreignKeyName: 'bookings_session_id_fkey';
						columns: ['session_id'];
						isOneToOne: false;
						referencedRelation: 'sessions';
						referencedColumns: ['id'];
					},
					{
						foreignKeyName: 'bookings_waitlist_entry_id_fkey';
						columns: ['waitlist_entry_id'];
						isOneToOne: false;
						referencedRelation: 'waitlist_entries';
						referencedColumns: ['id'];
					}
				];
			};
			calendar_feeds: {
				Row: {
					created_at: string;
					id: string;
					provider_id: string;
					user_id: string;
				};
				ComputedFields: never;
				Insert: {
					created_at?: string;
					id?: string;
					provider_id: string;
					user_id: string;
				};
				Update: {
					created_at?: string;
					id?: string;
					provider_id?: string;
					user_id?: string;
				};
				Relationships: [
					{
						foreignKeyName: 'calendar_feeds_of_a_member';
						columns: ['provider_id', 'user_id'];
						isOneToOne: true;
						referencedRelation: 'provider_members';
						referencedColumns: ['provider_id', 'user_id'];
					}
				];
			};
			cancellation_policies: {
				Row: {
					code: string;
					id: string;
					tiers: NonNullable<Json>;
				};
				ComputedFields: never;
				Insert: {
					code: string;
					id?: string;
					tiers: NonNullable<Json>;
				};
				Update: {
					code?: string;
					id?: string;
					tiers?: NonNullable<Json>;
				};
				Relationships: [];
			};
			categories: {
				Row: {
					icon: string;
					id: string;
					keywords: string;
					mode: Database['public']['Enums']['booking_mode'];
					name_ar: string;
					name_en: string;
					name_fr: string;
					position: number;
					self_service: boolean;
					slug: string;
				};
				ComputedFields: never;
				Insert: {
					icon: string;
					id?: string;
					keywords?: string;
					mode?: Database['public']['Enums']['booking_mode'];
					name_ar: string;
					name_en: string;
					name_fr: string;
					position?: number;
					self_service?: never;
					slug: string;
				};
				Update: {
					icon?: string;
					id?: string;
					keywords?: string;
					mode?: Database['public']['Enums']['booking_mode'];
					name_ar?: string;
					name_en?: string;
					name_fr?: string;
					position?: number;
					self_service?: never;
					slug?: string;
				};
				Relationships: [];
			};
			cities: {
				Row: {
					latitude: number;
					longitude: number;
					name_ar: string;
					name_en: string;
					name_fr: string;
					position: number;
					slug: string;
					time_zone: string;
				};
				ComputedFields: never;
				Insert: {
					latitude: number;
					longitude: number;
					name_ar: string;
					name_en: string;
					name_fr: string;
					position?: number;
					slug: string;
					time_zone?: string;
				};
				Update: {
					latitude?: number;
					longitude?: number;
					name_ar?: string;
					name_en?: string;
					name_fr?: string;
					position?: number;
					slug?: string;
					time_zone?: string;
				};
				Relationships: [];
			};
			clock_clashes: {
				Row: {
					booking_id: string | null;
					closure_id: string | null;
					created_at: string;
					id: string;
					kind: Database['public']['Enums']['clash_kind'];
					local_starts_at: string;
					other_booking_id: string | null;
					provider_id: string;
					session_id: string | null;
				};
				ComputedFields: never;
				Insert: {
					booking_id?: string | null;
					closure_id?: string | null;
					created_at?: string;
					id?: string;
					kind: Database['public']['Enums']['clash_kind'];
					local_starts_at: string;
					other_booking_id?: string | null;
					provider_id: string;
					session_id?: string | null;
				};
				Update: {
					booking_id?: string | null;
					closure_id?: string | null;
					created_at?: string;
					id?: string;
					kind?: Database['public']['Enums']['clash_kind'];
					local_starts_at?: string;
					other_booking_id?: string | null;
					provider_id?: string;
					session_id?: string | null;
				};
				Relationships: [
					{
						foreignKeyName: 'clock_clashes_booking_id_fkey';
						columns: ['booking_id'];
						isOneToOne: false;
						referencedRelation: 'bookings';
						referencedColumns: ['id'];
					},
					{
						foreignKeyName: 'clock_clashes_closure_id_fkey';
						columns: ['closure_id'];
						isOneToOne: false;
						referencedRelation: 'closures';
						referencedColumns: ['id'];
					},
					{
						foreignKeyName: 'clock_clashes_other_booking_id_fkey';
						columns: ['other_booking_id'];
						isOneToOne: false;
						referencedRelation: 'bookings';
						referencedColumns: ['id'];
					},
					{
						foreignKeyName: 'clock_clashes_provider_id_fkey';
						columns: ['provider_id'];
						isOneToOne: false;
						referencedRelation: 'providers';
						referencedColumns: ['id'];
					},
					{
						foreignKeyName: 'clock_clashes_session_id_fkey';
						columns: ['session_id'];
						isOneToOne: false;
						referencedRelation: 'sessions';
						referencedColumns: ['id'];
					}
				];
			};
			closures: {
				Row: {
					created_at: string;
					id: string;
					local_ends_at: string;
					local_starts_at: string;
					period: unknown;
					provider_id: string;
					reason: string;
					resource_id: string | null;
				};
				ComputedFields: never;
				Insert: {
					created_at?: string;
					id?: string;
					local_ends_at?: string;
					local_starts_at?: string;
					period: unknown;
					provider_id: string;
					reason?: string;
					resource_id?: string | null;
				};
				Update: {
					created_at?: string;
					id?: string;
					local_ends_at?: string;
					local_starts_at?: string;
					period?: unknown;
					provider_id?: string;
					reason?: string;
					resource_id?: string | null;
				};
				Relationships: [
					{
						foreignKeyName: 'closures_provider_id_fkey';
						columns: ['provider_id'];
						isOneToOne: false;
						referencedRelation: 'providers';
						referencedColumns: ['id'];
					},
					{
						foreignKeyName: 'closures_resource_id_fkey';
						columns: ['resource_id'];
						isOneToOne: false;
						referencedRelation: 'resources';
						referencedColumns: ['id'];
					}
				];
			};
			conversation_reads: {
				Row: {
					conversation_id: string;
					read_at: string;
					user_id: string;
				};
				ComputedFields: never;
				Insert: {
					conversation_id: string;
					read_at: string;
					user_id: string;
				};
				Update: {
					conversation_id?: string;
					read_at?: string;
					user_id?: string;
				};
				Relationships: [
					{
						foreignKeyName: 'conversation_reads_conversation_id_fkey';
						columns: ['conversation_id'];
						isOneToOne: false;
						referencedRelation: 'conversations';
						referencedColumns: ['id'];
					}
				];
			};
			conversations: {
				Row: {
					created_at: string;
					customer_id: string | null;
					id: string;
					last_message_at: string | null;
					last_message_preview: string;
					provider_id: string;
				};
				ComputedFields: never;
				Insert: {
					created_at?: string;
					customer_id?: string | null;
					id?: string;
					last_message_at?: string | null;
					last_message_preview?: string;
					provider_id: string;
				};
				Update: {
					created_at?: string;
					customer_id?: string | null;
					id?: string;
					last_message_at?: string | null;
					last_message_preview?: string;
					provider_id?: string;
				};
				Relationships: [
					{
						foreignKeyName: 'conversations_provider_id_fkey';
						columns: ['provider_id'];
						isOneToOne: false;
						referencedRelation: 'providers';
						referencedColumns: ['id'];
					}
				];
			};
			currencies: {
				Row: {
					charge_step_minor: number;
					code: string;
					decimals: number;
					max_charge_minor: number;
					min_charge_minor: number;
				};
				ComputedFields: never;
				Insert: {
					charge_step_minor?: number;
					code: string;
					decimals: number;
					max_charge_minor?: number;
					min_charge_minor: number;
				};
				Update: {
					charge_step_minor?: number;
					code?: string;
					decimals?: number;
					max_charge_minor?: number;
					min_charge_minor?: number;
				};
				Relationships: [];
			};
			deliveries: {
				Row: {
					account_id: string | null;
					attempts: number;
					booking_id: string | null;
					channel: Database['public']['Enums']['delivery_channel'];
					created_at: string;
					data: NonNullable<Json>;
					dedupe_key: string;
					error: string | null;
					external_id: string | null;
					id: string;
					invitation_id: string | null;
					kind: Database['public']['Enums']['notification_kind'];
					language: Database['public']['Enums']['language'];
					next_attempt_at: string;
					recipient: string;
					sender_id: string | null;
					sent_at: string | null;
					status: Database['public']['Enums']['delivery_status'];
				};
				ComputedFields: never;
				Insert: {
					account_id?: string | null;
					attempts?: number;
					booking_id?: string | null;
					channel: Database['public']['Enums']['delivery_channel'];
					created_at?: string;
					data?: NonNullable<Json>;
					dedupe_key: string;
					error?: string | null;
					external_id?: string | null;
					id?: string;
					invitation_id?: string | null;
					kind: Database['public']['Enums']['notification_kind'];
					language: Database['public']['Enums']['language'];
					next_attempt_at?: string;
					recipient: string;
					sender_id?: string | null;
					sent_at?: string | null;
					status?: Database['public']['Enums']['delivery_status'];
				};
				Update: {
					account_id?: string | null;
					attempts?: number;
					booking_id?: string | null;
					channel?: Database['public']['Enums']['delivery_channel'];
					created_at?: string;
					data?: NonNullable<Json>;
					dedupe_key?: string;
					error?: string | null;
					external_id?: string | null;
					id?: string;
					invitation_id?: string | null;
					kind?: Database['public']['Enums']['notification_kind'];
					language?: Database['public']['Enums']['language'];
					next_attempt_at?: string;
					recipient?: string;
					sender_id?: string | null;
					sent_at?: string | null;
					status?: Database['public']['Enums']['delivery_status'];
				};
				Relationships: [
					{
						foreignKeyName: 'deliveries_booking_id_fkey';
						columns: ['booking_id'];
						isOneToOne: false;
						referencedRelation: 'bookings';
						referencedColumns: ['id'];
					},
					{
						foreignKeyName: 'deliveries_invitation_id_fkey';
						columns: ['invitation_id'];
						isOneToOne: false;
						referencedRelation: 'invitations';
						referencedColumns: ['id'];
					},
					{
						foreignKeyName: 'deliveries_template';
						columns: ['kind', 'language'];
						isOneToOne: false;
						referencedRelation: 'templates';
						referencedColumns: ['kind', 'language'];
					}
				];
			};
			hour_profiles: {
				Row: {
					ends_on: string;
					id: string;
					name: string;
					provider_id: string;
					starts_on: string;
				};
				ComputedFields: never;
				Insert: {
					ends_on: string;
					id?: string;
					name: string;
					provider_id: string;
					starts_on: string;
				};
				Update: {
					ends_on?: string;
					id?: string;
					name?: string;
					provider_id?: string;
					starts_on?: string;
				};
				Relationships: [
					{
						foreignKeyName: 'hour_profiles_provider_id_fkey';
						columns: ['provider_id'];
						isOneToOne: false;
						referencedRelation: 'providers';
						referencedColumns: ['id'];
					}
				];
			};
			invariant_findings: {
				Row: {
					details: NonNullable<Json>;
					found_at: string;
					id: string;
					resolved_at: string | null;
					rule: string;
					subject_id: string;
				};
				ComputedFields: never;
				Insert: {
					details?: NonNullable<Json>;
					found_at?: string;
					id?: string;
					resolved_at?: string | null;
					rule: string;
					subject_id: string;
				};
				Update: {
					details?: NonNullable<Json>;
					found_at?: string;
					id?: string;
					resolved_at?: string | null;
					rule?: string;
					subject_id?: string;
				};
				Relationships: [];
			};
			invitations: {
				Row: {
					accepted_at: string | null;
					created_at: string;
					email: string;
					expires_at: string;
					id: string;
					invited_by: string | null;
					invitee_id: string | null;
					provider_id: string;
					role: Database['public']['Enums']['member_role'];
				};
				ComputedFields: never;
				Insert: {
					accepted_at?: string | null;
					created_at?: string;
					email: string;
					expires_at?: string;
					id?: string;
					invited_by?: string | null;
					invitee_id?: string | null;
					provider_id: string;
					role: Database['public']['Enums']['member_role'];
				};
				Update: {
					accepted_at?: string | null;
					created_at?: string;
					email?: string;
					expires_at?: string;
					id?: string;
					invited_by?: string | null;
					invitee_id?: string | null;
					provider_id?: string;
					role?: Database['public']['Enums']['member_role'];
				};
				Relationships: [
					{
						foreignKeyName: 'invitations_provider_id_fkey';
						columns: ['provider_id'];
						isOneToOne: false;
						referencedRelation: 'providers';
						referencedColumns: ['id'];
					}
				];
			};
			ledger_entries: {
				Row: {
					account: Database['public']['Enums']['ledger_account'];
					amount_minor: number;
					booking_id: string;
					created_at: string;
					currency: string;
					id: string;
					posting_id: string;
					provider_id: string;
				};
				ComputedFields: never;
				Insert: {
					account: Database['public']['Enums']['ledger_account'];
					amount_minor: number;
					booking_id: string;
					created_at?: string;
					currency: string;
					id?: string;
					posting_id: string;
					provider_id: string;
				};
				Update: {
					account?: Database['public']['Enums']['ledger_account'];
					amount_minor?: number;
					booking_id?: string;
					created_at?: string;
					currency?: string;
					id?: string;
					posting_id?: string;
					provider_id?: string;
				};
				Relationships: [
					{
						foreignKeyName: 'ledger_entries_booking_id_fkey';
						columns: ['booking_id'];
						isOneToOne: false;
						referencedRelation: 'bookings';
						referencedColumns: ['id'];
					},
					{
						foreignKeyName: 'ledger_entries_provider_id_fkey';
						columns: ['provider_id'];
						isOneToOne: false;
						referencedRelation: 'providers';
						referencedColumns: ['id'];
					}
				];
			};
			messages: {
				Row: {
					attachment_path: string | null;
					body: string;
					conversation_id: string;
					created_at: string;
					id: string;
					sender_id: string | null;
					side: Database['public']['Enums']['message_side'];
				};
				ComputedFields: never;
				Insert: {
					attachment_path?: string | null;
					body: string;
					conversation_id: string;
					created_at?: string;
					id?: string;
					sender_id?: string | null;
					side: Database['public']['Enums']['message_side'];
				};
				Update: {
					attachment_path?: string | null;
					body?: string;
					conversation_id?: string;
					created_at?: string;
					id?: string;
					sender_id?: string | null;
					side?: Database['public']['Enums']['message_side'];
				};
				Relationships: [
					{
						foreignKeyName: 'messages_conversation_id_fkey';
						columns: ['conversation_id'];
						isOneToOne: false;
						referencedRelation: 'conversations';
						referencedColumns: ['id'];
					}
				];
			};
			notification_kinds: {
				Row: {
					bell: boolean;
					kind: Database['public']['Enums']['notification_kind'];
				};
				ComputedFields: never;
				Insert: {
					bell: boolean;
					kind: Database['public']['Enums']['notification_kind'];
				};
				Update: {
					bell?: boolean;
					kind?: Database['public']['Enums']['notification_kind'];
				};
				Relationships: [];
			};
			notifications: {
				Row: {
					booking_id: string | null;
					conversation_id: string | null;
					created_at: string;
					data: NonNullable<Json>;
					id: string;
					kind: Database['public']['Enums']['notification_kind'];
					read_at: string | null;
					user_id: string;
				};
				ComputedFields: never;
				Insert: {
					booking_id?: string | null;
					conversation_id?: string | null;
					created_at?: string;
					data?: NonNullable<Json>;
					id?: string;
					kind: Database['public']['Enums']['notification_kind'];
					read_at?: string | null;
					user_id: string;
				};
				Update: {
					booking_id?: string | null;
					conversation_id?: string | null;
					created_at?: string;
					data?: NonNullable<Json>;
					id?: string;
					kind?: Database['public']['Enums']['notification_kind'];
					read_at?: string | null;
					user_id?: string;
				};
				Relationships: [
					{
						foreignKeyName: 'notifications_booking_id_fkey';
						columns: ['booking_id'];
						isOneToOne: false;
						referencedRelation: 'bookings';
						referencedColumns: ['id'];
					},
					{
						foreignKeyName: 'notifications_conversation_id_fkey';
						columns: ['conversation_id'];
						isOneToOne: false;
						referencedRelation: 'conversations';
						referencedColumns: ['id'];
					}
				];
			};
			occupancies: {
				Row: {
					booking_id: string | null;
					closure_id: string | null;
					expires_at: string | null;
					id: string;
					kept: boolean;
					period: unknown;
					resource_id: string;
					session_id: string | null;
				};
				ComputedFields: never;
				Insert: {
					booking_id?: string | null;
					closure_id?: string | null;
					expires_at?: string | null;
					id?: string;
					kept?: boolean;
					period: unknown;
					resource_id: string;
					session_id?: string | null;
				};
				Update: {
					booking_id?: string | null;
					closure_id?: string | null;
					expires_at?: string | null;
					id?: string;
					kept?: boolean;
					period?: unknown;
					resource_id?: string;
					session_id?: string | null;
				};
				Relationships: [
					{
						foreignKeyName: 'occupancies_booking_id_fkey';
						columns: ['booking_id'];
						isOneToOne: false;
						referencedRelation: 'bookings';
						referencedColumns: ['id'];
					},
					{
						foreignKeyName: 'occupancies_closure_id_fkey';
						columns: ['closure_id'];
						isOneToOne: false;
						referencedRelation: 'closures';
						referencedColumns: ['id'];
					},
					{
						foreignKeyName: 'occupancies_resource_id_fkey';
						columns: ['resource_id'];
						isOneToOne: false;
						referencedRelation: 'resources';
						referencedColumns: ['id'];
					},
					{
						foreignKeyName: 'occupancies_session_id_fkey';
						columns: ['session_id'];
						isOneToOne: false;
						referencedRelation: 'sessions';
						referencedColumns: ['id'];
					}
				];
			};
			opening_hours: {
				Row: {
					closes: string;
					id: string;
					opens: string;
					profile_id: string | null;
					provider_id: string;
					resource_id: string | null;
					valid_from: string | null;
					valid_to: string | null;
					weekday: number;
				};
				ComputedFields: never;
				Insert: {
					closes: string;
					id?: string;
					opens: string;
					profile_id?: string | null;
					provider_id: string;
					resource_id?: string | null;
					valid_from?: string | null;
					valid_to?: string | null;
					weekday: number;
				};
				Update: {
					closes?: string;
					id?: string;
					opens?: string;
					profile_id?: string | null;
					provider_id?: string;
					resource_id?: string | null;
					valid_from?: string | null;
					valid_to?: string | null;
					weekday?: number;
				};
				Relationships: [
					{
						foreignKeyName: 'opening_hours_profile_id_fkey';
						columns: ['profile_id'];
						isOneToOne: false;
						referencedRelation: 'hour_profiles';
						referencedColumns: ['id'];
					},
					{
						foreignKeyName: 'opening_hours_provider_id_fkey';
						columns: ['provider_id'];
						isOneToOne: false;
						referencedRelation: 'providers';
						referencedColumns: ['id'];
					},
					{
						foreignKeyName: 'opening_hours_resource_id_fkey';
						columns: ['resource_id'];
						isOneToOne: false;
						referencedRelation: 'resources';
						referencedColumns: ['id'];
					}
				];
			};
			payments: {
				Row: {
					amount_minor: number;
					booking_id: string;
					close_page_at: string | null;
					created_at: string;
					currency: string;
					failure_code: string | null;
					id: string;
					language: Database['public']['Enums']['language'];
					status: Database['public']['Enums']['payment_status'];
					stripe_payment_intent: string | null;
					stripe_session_id: string | null;
					succeeded_at: string | null;
				};
				ComputedFields: never;
				Insert: {
					amount_minor: number;
					booking_id: string;
					close_page_at?: string | null;
					created_at?: string;
					currency: string;
					failure_code?: string | null;
					id?: string;
					language?: Database['public']['Enums']['language'];
					status?: Database['public']['Enums']['payment_status'];
					stripe_payment_intent?: string | null;
					stripe_session_id?: string | null;
					succeeded_at?: string | null;
				};
				Update: {
					amount_minor?: number;
					booking_id?: string;
					close_page_at?: string | null;
					created_at?: string;
					currency?: string;
					failure_code?: string | null;
					id?: string;
					language?: Database['public']['Enums']['language'];
					status?: Database['public']['Enums']['payment_status'];
					stripe_payment_intent?: string | null;
					stripe_session_id?: string | null;
					succeeded_at?: string | null;
				};
				Relationships: [
					{
						foreignKeyName: 'payments_booking_id_fkey';
						columns: ['booking_id'];
						isOneToOne: false;
						referencedRelation: 'bookings';
						referencedColumns: ['id'];
					}
				];
			};
			photos: {
				Row: {
					alt_ar: string;
					alt_en: string;
					alt_fr: string;
					height: number;
					id: string;
					path: string;
					position: number;
					provider_id: string;
					width: number;
				};
				ComputedFields: never;
				Insert: {
					alt_ar: string;
					alt_en: string;
					alt_fr: string;
					height: number;
					id?: string;
					path: string;
					position?: number;
					provider_id: string;
					width: number;
				};
				Update: {
					alt_ar?: string;
					alt_en?: string;
					alt_fr?: string;
					height?: number;
					id?: string;
					path?: string;
					position?: number;
					provider_id?: string;
					width?: number;
				};
				Relationships: [
					{
						foreignKeyName: 'photos_provider_id_fkey';
						columns: ['provider_id'];
						isOneToOne: false;
						referencedRelation: 'providers';
						referencedColumns: ['id'];
					}
				];
			};
			profiles: {
				Row: {
					avatar_path: string | null;
					created_at: string;
					full_name: string;
					id: string;
					language: Database['public']['Enums']['language'];
					phone: string | null;
					updated_at: string;
				};
				ComputedFields: never;
				Insert: {
					avatar_path?: string | null;
					created_at?: string;
					full_name: string;
					id: string;
					language?: Database['public']['Enums']['language'];
					phone?: string | null;
					updated_at?: string;
				};
				Update: {
					avatar_path?: string | null;
					created_at?: string;
					full_name?: string;
					id?: string;
					language?: Database['public']['Enums']['language'];
					phone?: string | null;
					updated_at?: string;
				};
				Relationships: [];
			};
			promo_codes: {
				Row: {
					active: boolean;
					amount_minor: number | null;
					code: string;
					created_at: string;
					id: string;
					local_valid_from: string | null;
					local_valid_to: string | null;
					max_uses: number | null;
					max_uses_each: number | null;
					min_price_minor: number;
					percent: number | null;
					provider_id: string | null;
					service_id: string | null;
					valid_from: string;
					valid_to: string | null;
				};
				ComputedFields: never;
				Insert: {
					active?: boolean;
					amount_minor?: number | null;
					code: string;
					created_at?: string;
					id?: string;
					local_valid_from?: string | null;
					local_valid_to?: string | null;
					max_uses?: number | null;
					max_uses_each?: number | null;
					min_price_minor?: number;
					percent?: number | null;
					provider_id?: string | null;
					service_id?: string | null;
					valid_from?: string;
					valid_to?: string | null;
				};
				Update: {
					active?: boolean;
					amount_minor?: number | null;
					code?: string;
					created_at?: string;
					id?: string;
					local_valid_from?: string | null;
					local_valid_to?: string | null;
					max_uses?: number | null;
					max_uses_each?: number | null;
					min_price_minor?: number;
					percent?: number | null;
					provider_id?: string | null;
					service_id?: string | null;
					valid_from?: string;
					valid_to?: string | null;
				};
				Relationships: [
					{
						foreignKeyName: 'promo_codes_provider_id_fkey';
						columns: ['provider_id'];
						isOneToOne: false;
						referencedRelation: 'providers';
						referencedColumns: ['id'];
					},
					{
						foreignKeyName: 'promo_codes_service_id_fkey';
						columns: ['service_id'];
						isOneToOne: false;
						referencedRelation: 'services';
						referencedColumns: ['id'];
					}
				];
			};
			promo_redemptions: {
				Row: {
					booking_id: string;
					created_at: string;
					promo_code_id: string;
				};
				ComputedFields: never;
				Insert: {
					booking_id: string;
					created_at?: string;
					promo_code_id: string;
				};
				Update: {
					booking_id?: string;
					created_at?: string;
					promo_code_id?: string;
				};
				Relationships: [
					{
						foreignKeyName: 'promo_redemptions_booking_id_fkey';
						columns: ['booking_id'];
						isOneToOne: true;
						referencedRelation: 'bookings';
						referencedColumns: ['id'];
					},
					{
						foreignKeyName: 'promo_redemptions_promo_code_id_fkey';
						columns: ['promo_code_id'];
						isOneToOne: false;
						referencedRelation: 'promo_codes';
						referencedColumns: ['id'];
					}
				];
			};
			provider_documents: {
				Row: {
					created_at: string;
					id: string;
					kind: Database['public']['Enums']['document_kind'];
					path: string;
					provider_id: string;
					submitted_by: string | null;
				};
				ComputedFields: never;
				Insert: {
					created_at?: string;
					id?: string;
					kind: Database['public']['Enums']['document_kind'];
					path: string;
					provider_id: string;
					submitted_by?: string | null;
				};
				Update: {
					created_at?: string;
					id?: string;
					kind?: Database['public']['Enums']['document_kind'];
					path?: string;
					provider_id?: string;
					submitted_by?: string | null;
				};
				Relationships: [
					{
						foreignKeyName: 'provider_documents_provider_id_fkey';
						columns: ['provider_id'];
						isOneToOne: false;
						referencedRelation: 'providers';
						referencedColumns: ['id'];
					}
				];
			};
			provider_members: {
				Row: {
					created_at: string;
					provider_id: string;
					role: Database['public']['Enums']['member_role'];
					user_id: string;
				};
				ComputedFields: never;
				Insert: {
					created_at?: string;
					provider_id: string;
					role: Database['public']['Enums']['member_role'];
					user_id: string;
				};
				Update: {
					created_at?: string;
					provider_id?: string;
					role?: Database['public']['Enums']['member_role'];
					user_id?: string;
				};
				Relationships: [
					{
						foreignKeyName: 'provider_members_provider_id_fkey';
						columns: ['provider_id'];
						isOneToOne: false;
						referencedRelation: 'providers';
						referencedColumns: ['id'];
					}
				];
			};
			providers: {
				Row: {
					about_ar: string;
					about_en: string;
					about_fr: string;
					address: string;
					answer_hours: number;
					approval: Database['public']['Enums']['approval'];
					cancellation_policy_id: string;
					category_id: string;
					city_slug: string;
					created_at: string;
					currency: string;
					district: string;
					id: string;
					latitude: number;
					longitude: number;
					name: string;
					name_ar: string | null;
					phone: string | null;
					price_from_minor: number | null;
					rating: number | null;
					rating_count: number;
					search_skeletons: string[];
					search_text: string;
					slug: string;
					status: Database['public']['Enums']['provider_status'];
					time_zone: string;
					updated_at: string;
					verified_at: string | null;
				};
				ComputedFields: never;
				Insert: {
					about_ar?: string;
					about_en?: string;
					about_fr?: string;
					address: string;
					answer_hours?: number;
					approval?: Database['public']['Enums']['approval'];
					cancellation_policy_id: string;
					category_id: string;
					city_slug: string;
					created_at?: string;
					currency?: string;
					district: string;
					id?: string;
					latitude: number;
					longitude: number;
					name: string;
					name_ar?: string | null;
					phone?: string | null;
					price_from_minor?: number | null;
					rating?: number | null;
					rating_count?: number;
					search_skeletons?: string[];
					search_text?: string;
					slug: string;
					status?: Database['public']['Enums']['provider_status'];
					time_zone?: string;
					updated_at?: string;
					verified_at?: string | null;
				};
				Update: {
					about_ar?: string;
					about_en?: string;
					about_fr?: string;
					address?: string;
					answer_hours?: number;
					approval?: Database['public']['Enums']['approval'];
					cancellation_policy_id?: string;
					category_id?: string;
					city_slug?: string;
					created_at?: string;
					currency?: string;
					district?: string;
					id?: string;
					latitude?: number;
					longitude?: number;
					name?: string;
					name_ar?: string | null;
					phone?: string | null;
					price_from_minor?: number | null;
					rating?: number | null;
					rating_count?: number;
					search_skeletons?: string[];
					search_text?: string;
					slug?: string;
					status?: Database['public']['Enums']['provider_status'];
					time_zone?: string;
					updated_at?: string;
					verified_at?: string | null;
				};
				Relationships: [
					{
						foreignKeyName: 'providers_cancellation_policy_id_fkey';
						columns: ['cancellation_policy_id'];
						isOneToOne: false;
						referencedRelation: 'cancellation_policies';
						referencedColumns: ['id'];
					},
					{
						foreignKeyName: 'providers_category_id_fkey';
						columns: ['category_id'];
						isOneToOne: false;
						referencedRelation: 'categories';
						referencedColumns: ['id'];
					},
					{
						foreignKeyName: 'providers_city_slug_fkey';
						columns: ['city_slug'];
						isOneToOne: false;
						referencedRelation: 'cities';
						referencedColumns: ['slug'];
					},
					{
						foreignKeyName: 'providers_currency_fkey';
						columns: ['currency'];
						isOneToOne: false;
						referencedRelation: 'currencies';
						referencedColumns: ['code'];
					}
				];
			};
			refunds: {
				Row: {
					account: Database['public']['Enums']['ledger_account'];
					amount_minor: number;
					attempts: number;
					booking_id: string;
					created_at: string;
					error: string | null;
					id: string;
					next_attempt_at: string;
					payment_id: string;
					reason: string;
					replaces: string | null;
					status: Database['public']['Enums']['refund_status'];
					stripe_refund_id: string | null;
				};
				ComputedFields: never;
				Insert: {
					account?: Database['public']['Enums']['ledger_account'];
					amount_minor: number;
					attempts?: number;
					booking_id: string;
					created_at?: string;
					error?: string | null;
					id?: string;
					next_attempt_at?: string;
					payment_id: string;
					reason: string;
					replaces?: string | null;
					status?: Database['public']['Enums']['refund_status'];
					stripe_refund_id?: string | null;
				};
				Update: {
					account?: Database['public']['Enums']['ledger_account'];
					amount_minor?: number;
					attempts?: number;
					booking_id?: string;
					created_at?: string;
					error?: string | null;
					id?: string;
					next_attempt_at?: string;
					payment_id?: string;
					reason?: string;
					replaces?: string | null;
					status?: Database['public']['Enums']['refund_status'];
					stripe_refund_id?: string | null;
				};
				Relationships: [
					{
						foreignKeyName: 'refunds_booking_id_fkey';
						columns: ['booking_id'];
						isOneToOne: false;
						referencedRelation: 'bookings';
						referencedColumns: ['id'];
					},
					{
						foreignKeyName: 'refunds_payment_id_fkey';
						columns: ['payment_id'];
						isOneToOne: false;
						referencedRelation: 'payments';
						referencedColumns: ['id'];
					},
					{
						foreignKeyName: 'refunds_replaces_fkey';
						columns: ['replaces'];
						isOneToOne: true;
						referencedRelation: 'refunds';
						referencedColumns: ['id'];
					}
				];
			};
			resources: {
				Row: {
					active: boolean;
					capacity: number;
					id: string;
					kind: Database['public']['Enums']['resource_kind'];
					name: string;
					named_after: string | null;
					position: number;
					provider_id: string;
					user_id: string | null;
				};
				ComputedFields: never;
				Insert: {
					active?: boolean;
					capacity?: number;
					id?: string;
					kind: Database['public']['Enums']['resource_kind'];
					name: string;
					named_after?: string | null;
					position?: number;
					provider_id: string;
					user_id?: string | null;
				};
				Update: {
					active?: boolean;
					capacity?: number;
					id?: string;
					kind?: Database['public']['Enums']['resource_kind'];
					name?: string;
					named_after?: string | null;
					position?: number;
					provider_id?: string;
					user_id?: string | null;
				};
				Relationships: [
					{
						foreignKeyName: 'resources_provider_id_fkey';
						columns: ['provider_id'];
						isOneToOne: false;
						referencedRelation: 'providers';
						referencedColumns: ['id'];
					}
				];
			};
			reviews: {
				Row: {
					author_id: string | null;
					author_name: string;
					body: string;
					booking_id: string;
					created_at: string;
					id: string;
					language: Database['public']['Enums']['language'];
					provider_id: string;
					rating: number;
				};
				ComputedFields: never;
				Insert: {
					author_id?: string | null;
					author_name: string;
					body?: string;
					booking_id: string;
					created_at?: string;
					id?: string;
					language: Database['public']['Enums']['language'];
					provider_id: string;
					rating: number;
				};
				Update: {
					author_id?: string | null;
					author_name?: string;
					body?: string;
					booking_id?: string;
					created_at?: string;
					id?: string;
					language?: Database['public']['Enums']['language'];
					provider_id?: string;
					rating?: number;
				};
				Relationships: [
					{
						foreignKeyName: 'reviews_booking_id_fkey';
						columns: ['booking_id'];
						isOneToOne: true;
						referencedRelation: 'bookings';
						referencedColumns: ['id'];
					},
					{
						foreignKeyName: 'reviews_provider_id_fkey';
						columns: ['provider_id'];
						isOneToOne: false;
						referencedRelation: 'providers';
						referencedColumns: ['id'];
					}
				];
			};
			role_permissions: {
				Row: {
					permission: string;
					role: Database['public']['Enums']['platform_role'];
				};
				ComputedFields: never;
				Insert: {
					permission: string;
					role: Database['public']['Enums']['platform_role'];
				};
				Update: {
					permission?: string;
					role?: Database['public']['Enums']['platform_role'];
				};
				Relationships: [];
			};
			seat_prices: {
				Row: {
					category: string;
					price_minor: number;
					provider_id: string;
					service_id: string;
				};
				ComputedFields: never;
				Insert: {
					category: string;
					price_minor: number;
					provider_id: string;
					service_id: string;
				};
				Update: {
					category?: string;
					price_minor?: number;
					provider_id?: string;
					service_id?: string;
				};
				Relationships: [
					{
						foreignKeyName: 'seat_prices_provider_id_fkey';
						columns: ['provider_id'];
						isOneToOne: false;
						referencedRelation: 'providers';
						referencedColumns: ['id'];
					},
					{
						foreignKeyName: 'seat_prices_service_id_fkey';
						columns: ['service_id'];
						isOneToOne: false;
						referencedRelation: 'services';
						referencedColumns: ['id'];
					}
				];
			};
			seats: {
				Row: {
					category: string;
					column_number: number;
					label: string;
					provider_id: string;
					resource_id: string;
					row_number: number;
					wheelchair: boolean;
				};
				ComputedFields: never;
				Insert: {
					category?: string;
					column_number: number;
					label: string;
					provider_id: string;
					resource_id: string;
					row_number: number;
					wheelchair?: boolean;
				};
				Update: {
					category?: string;
					column_number?: number;
					label?: string;
					provider_id?: string;
					resource_id?: string;
					row_number?: number;
					wheelchair?: boolean;
				};
				Relationships: [
					{
						foreignKeyName: 'seats_provider_id_fkey';
						columns: ['provider_id'];
						isOneToOne: false;
						referencedRelation: 'providers';
						referencedColumns: ['id'];
					},
					{
						foreignKeyName: 'seats_resource_id_fkey';
						columns: ['resource_id'];
						isOneToOne: false;
						referencedRelation: 'resources';
						referencedColumns: ['id'];
					}
				];
			};
			service_resources: {
				Row: {
					resource_id: string;
					service_id: string;
				};
				ComputedFields: never;
				Insert: {
					resource_id: string;
					service_id: string;
				};
				Update: {
					resource_id?: string;
					service_id?: string;
				};
				Relationships: [
					{
						foreignKeyName: 'service_resources_resource_id_fkey';
						columns: ['resource_id'];
						isOneToOne: false;
						referencedRelation: 'resources';
						referencedColumns: ['id'];
					},
					{
						foreignKeyName: 'service_resources_service_id_fkey';
						columns: ['service_id'];
						isOneToOne: false;
						referencedRelation: 'services';
						referencedColumns: ['id'];
					}
				];
			};
			services: {
				Row: {
					active: boolean;
					buffer_after_minutes: number;
					buffer_before_minutes: number;
					created_at: string;
					deposit_percent: number;
					description_ar: string | null;
					description_en: string | null;
					description_fr: string;
					duration_minutes: number;
					horizon_days: number;
					id: string;
					max_party: number;
					min_party: number;
					mode: Database['public']['Enums']['booking_mode'];
					name_ar: string | null;
					name_en: string | null;
					name_fr: string;
					notice_minutes: number;
					place: Database['public']['Enums']['service_place'];
					position: number;
					price_minor: number;
					price_per: Database['public']['Enums']['price_per'];
					provider_id: string;
					staff_needed: number;
					step_minutes: number;
				};
				ComputedFields: never;
				Insert: {
					active?: boolean;
					buffer_after_minutes?: number;
					buffer_before_minutes?: number;
					created_at?: string;
					deposit_percent?: number;
					description_ar?: string | null;
					description_en?: string | null;
					description_fr?: string;
					duration_minutes: number;
					horizon_days?: number;
					id?: string;
					max_party?: number;
					min_party?: number;
					mode?: Database['public']['Enums']['booking_mode'];
					name_ar?: string | null;
					name_en?: string | null;
					name_fr: string;
					notice_minutes?: number;
					place?: Database['public']['Enums']['service_place'];
					position?: number;
					price_minor: number;
					price_per?: Database['public']['Enums']['price_per'];
					provider_id: string;
					staff_needed?: number;
					step_minutes?: number;
				};
				Update: {
					active?: boolean;
					buffer_after_minutes?: number;
					buffer_before_minutes?: number;
					created_at?: string;
					deposit_percent?: number;
					description_ar?: string | null;
					description_en?: string | null;
					description_fr?: string;
					duration_minutes?: number;
					horizon_days?: number;
					id?: string;
					max_party?: number;
					min_party?: number;
					mode?: Database['public']['Enums']['booking_mode'];
					name_ar?: string | null;
					name_en?: string | null;
					name_fr?: string;
					notice_minutes?: number;
					place?: Database['public']['Enums']['service_place'];
					position?: number;
					price_minor?: number;
					price_per?: Database['public']['Enums']['price_per'];
					provider_id?: string;
					staff_needed?: number;
					step_minutes?: number;
				};
				Relationships: [
					{
						foreignKeyName: 'services_provider_id_fkey';
						columns: ['provider_id'];
						isOneToOne: false;
						referencedRelation: 'providers';
						referencedColumns: ['id'];
					}
				];
			};
			sessions: {
				Row: {
					active: boolean;
					capacity: number;
					created_at: string;
					ends_at: string;
					id: string;
					local_starts_at: string;
					provider_id: string;
					resource_id: string;
					sequence: number;
					service_id: string;
					starts_at: string;
					taken: number;
				};
				ComputedFields: never;
				Insert: {
					active?: boolean;
					capacity: number;
					created_at?: string;
					ends_at: string;
					id?: string;
					local_starts_at?: string;
					provider_id: string;
					resource_id: string;
					sequence?: number;
					service_id: string;
					starts_at: string;
					taken?: number;
				};
				Update: {
					active?: boolean;
					capacity?: number;
					created_at?: string;
					ends_at?: string;
					id?: string;
					local_starts_at?: string;
					provider_id?: string;
					resource_id?: string;
					sequence?: number;
					service_id?: string;
					starts_at?: string;
					taken?: number;
				};
				Relationships: [
					{
						foreignKeyName: 'sessions_provider_id_fkey';
						columns: ['provider_id'];
						isOneToOne: false;
						referencedRelation: 'providers';
						referencedColumns: ['id'];
					},
					{
						foreignKeyName: 'sessions_resource_id_fkey';
						columns: ['resource_id'];
						isOneToOne: false;
						referencedRelation: 'resources';
						referencedColumns: ['id'];
					},
					{
						foreignKeyName: 'sessions_service_id_fkey';
						columns: ['service_id'];
						isOneToOne: false;
						referencedRelation: 'services';
						referencedColumns: ['id'];
					}
				];
			};
			special_days: {
				Row: {
					closes: string | null;
					day: string;
					id: string;
					opens: string | null;
					provider_id: string;
					resource_id: string | null;
				};
				ComputedFields: never;
				Insert: {
					closes?: string | null;
					day: string;
					id?: string;
					opens?: string | null;
					provider_id: string;
					resource_id?: string | null;
				};
				Update: {
					closes?: string | null;
					day?: string;
					id?: string;
					opens?: string | null;
					provider_id?: string;
					resource_id?: string | null;
				};
				Relationships: [
					{
						foreignKeyName: 'special_days_provider_id_fkey';
						columns: ['provider_id'];
						isOneToOne: false;
						referencedRelation: 'providers';
						referencedColumns: ['id'];
					},
					{
						foreignKeyName: 'special_days_resource_id_fkey';
						columns: ['resource_id'];
						isOneToOne: false;
						referencedRelation: 'resources';
						referencedColumns: ['id'];
					}
				];
			};
			start_requests: {
				Row: {
					account_id: string;
					category_id: string | null;
					city_slug: string | null;
					created_at: string;
					decided_at: string | null;
					decided_by: string | null;
					draft: NonNullable<Json>;
					id: string;
					note: string;
					status: Database['public']['Enums']['start_request_status'];
					town: string | null;
				};
				ComputedFields: never;
				Insert: {
					account_id: string;
					category_id?: string | null;
					city_slug?: string | null;
					created_at?: string;
					decided_at?: string | null;
					decided_by?: string | null;
					draft?: NonNullable<Json>;
					id?: string;
					note?: string;
					status?: Database['public']['Enums']['start_request_status'];
					town?: string | null;
				};
				Update: {
					account_id?: string;
					category_id?: string | null;
					city_slug?: string | null;
					created_at?: string;
					decided_at?: string | null;
					decided_by?: string | null;
					draft?: NonNullable<Json>;
					id?: string;
					note?: string;
					status?: Database['public']['Enums']['start_request_status'];
					town?: string | null;
				};
				Relationships: [
					{
						foreignKeyName: 'start_requests_category_id_fkey';
						columns: ['category_id'];
						isOneToOne: false;
						referencedRelation: 'categories';
						referencedColumns: ['id'];
					},
					{
						foreignKeyName: 'start_requests_city_slug_fkey';
						columns: ['city_slug'];
						isOneToOne: false;
						referencedRelation: 'cities';
						referencedColumns: ['slug'];
					}
				];
			};
			stripe_events: {
				Row: {
					applied_at: string | null;
					created: string;
					id: string;
					outcome: string;
					payload: NonNullable<Json>;
					received_at: string;
					type: string;
				};
				ComputedFields: never;
				Insert: {
					applied_at?: string | null;
					created: string;
					id: string;
					outcome?: string;
					payload: NonNullable<Json>;
					received_at?: string;
					type: string;
				};
				Update: {
					applied_at?: string | null;
					created?: string;
					id?: string;
					outcome?: string;
					payload?: NonNullable<Json>;
					received_at?: string;
					type?: string;
				};
				Relationships: [];
			};
			table_neighbours: {
				Row: {
					neighbour_id: string;
					provider_id: string;
					resource_id: string;
				};
				ComputedFields: never;
				Insert: {
					neighbour_id: string;
					provider_id: string;
					resource_id: string;
				};
				Update: {
					neighbour_id?: string;
					provider_id?: string;
					resource_id?: string;
				};
				Relationships: [
					{
						foreignKeyName: 'table_neighbours_neighbour_id_fkey';
						columns: ['neighbour_id'];
						isOneToOne: false;
						referencedRelation: 'resources';
						referencedColumns: ['id'];
					},
					{
						foreignKeyName: 'table_neighbours_provider_id_fkey';
						columns: ['provider_id'];
						isOneToOne: false;
						referencedRelation: 'providers';
						referencedColumns: ['id'];
					},
					{
						foreignKeyName: 'table_neighbours_resource_id_fkey';
						columns: ['resource_id'];
						isOneToOne: false;
						referencedRelation: 'resources';
						referencedColumns: ['id'];
					}
				];
			};
			templates: {
				Row: {
					body: string;
					button: string;
					kind: Database['public']['Enums']['notification_kind'];
					language: Database['public']['Enums']['language'];
					subject: string;
				};
				ComputedFields: never;
				Insert: {
					body: string;
					button?: string;
					kind: Database['public']['Enums']['notification_kind'];
					language: Database['public']['Enums']['language'];
					subject: string;
				};
				Update: {
					body?: string;
					button?: string;
					kind?: Database['public']['Enums']['notification_kind'];
					language?: Database['public']['Enums']['language'];
					subject?: string;
				};
				Relationships: [];
			};
			user_roles: {
				Row: {
					granted_at: string;
					role: Database['public']['Enums']['platform_role'];
					user_id: string;
				};
				ComputedFields: never;
				Insert: {
					granted_at?: string;
					role: Database['public']['Enums']['platform_role'];
					user_id: string;
				};
				Update: {
					granted_at?: string;
					role?: Database['public']['Enums']['platform_role'];
					user_id?: string;
				};
				Relationships: [];
			};
			verifications: {
				Row: {
					created_at: string;
					decided_at: string | null;
					decided_by: string | null;
					id: string;
					note: string;
					provider_id: string;
					status: Database['public']['Enums']['verification_status'];
				};
				ComputedFields: never;
				Insert: {
					created_at?: string;
					decided_at?: string | null;
					decided_by?: string | null;
					id?: string;
					note?: string;
					provider_id: string;
					status?: Database['public']['Enums']['verification_status'];
				};
				Update: {
					created_at?: string;
					decided_at?: string | null;
					decided_by?: string | null;
					id?: string;
					note?: string;
					provider_id?: string;
					status?: Database['public']['Enums']['verification_status'];
				};
				Relationships: [
					{
						foreignKeyName: 'verifications_provider_id_fkey';
						columns: ['provider_id'];
						isOneToOne: false;
						referencedRelation: 'providers';
						referencedColumns: ['id'];
					}
				];
			};
			waitlist_entries: {
				Row: {
					address: Json | null;
					created_at: string;
					customer_email: string;
					customer_id: string | null;
					customer_name: string;
					customer_phone: string | null;
					id: string;
					language: Database['public']['Enums']['language'];
					local_period: unknown;
					party_size: number;
					period: unknown;
					provider_id: string;
					service_id: string;
					session_id: string | null;
					status: Database['public']['Enums']['waitlist_status'];
				};
				ComputedFields: never;
				Insert: {
					address?: Json | null;
					created_at?: string;
					customer_email: string;
					customer_id?: string | null;
					customer_name: string;
					customer_phone?: string | null;
					id?: string;
					language: Database['public']['Enums']['language'];
					local_period?: unknown;
					party_size: number;
					period: unknown;
					provider_id: string;
					service_id: string;
					session_id?: string | null;
					status?: Database['public']['Enums']['waitlist_status'];
				};
				Update: {
					address?: Json | null;
					created_at?: string;
					customer_email?: string;
					customer_id?: string | null;
					customer_name?: string;
					customer_phone?: string | null;
					id?: string;
					language?: Database['public']['Enums']['language'];
					local_period?: unknown;
					party_size?: number;
					period?: unknown;
					provider_id?: string;
					service_id?: string;
					session_id?: string | null;
					status?: Database['public']['Enums']['waitlist_status'];
				};
				Relationships: [
					{
						foreignKeyName: 'waitlist_entries_provider_id_fkey';
						columns: ['provider_id'];
						isOneToOne: false;
						referencedRelation: 'providers';
						referencedColumns: ['id'];
					},
					{
						foreignKeyName: 'waitlist_entries_service_id_fkey';
						columns: ['service_id'];
						isOneToOne: false;
						referencedRelation: 'services';
						referencedColumns: ['id'];
					},
					{
						foreignKeyName: 'waitlist_entries_session_id_fkey';
						columns: ['session_id'];
						isOneToOne: false;
						referencedRelation: 'sessions';
						referencedColumns: ['id'];
					}
				];
			};
		};
		Views: {
			[_ in never]: never;
		};
		Functions: {
			accept_invitation: { Args: { token: string }; Returns: Json };
			accept_offer: {
				Args: { booking_id?: string; manage_token?: string };
				Returns: Database['public']['CompositeTypes']['booking_details'];
				SetofOptions: {
					from: '*';
					to: 'booking_details';
					isOneToOne: true;
					isSetofReturn: false;
				};
			};
			account_deletion_obstacles: { Args: Record<PropertyKey, never>; Returns: Json };
			apply_stripe_event: { Args: { event: Json }; Returns: string };
			assign_resource: { Args: { resource_id: string; user_id: string }; Returns: undefined };
			attach_checkout: { Args: { payment_id: string; session_id: string }; Returns: boolean };
			attempt_recovery: { Args: { device?: string; email: string }; Returns: undefined };
			attempt_second_factor: { Args: { device?: string }; Returns: undefined };
			attempt_sign_in: { Args: { device?: string; email: string }; Returns: undefined };
			audit_details: {
				Args: { entries: string[] };
				Returns: {
					address: string;
					entry_id: string;
					new_values: Json;
					old_values: Json;
				}[];
			};
			available_slots: {
				Args: { from_date: string; party_size?: number; service_id: string; to_date: string };
				Returns: Json;
			};
			begin_payment: {
				Args: { booking_id: string; language?: string; manage_token?: string };
				Returns: Database['public']['CompositeTypes']['payment_start'];
				SetofOptions: {
					from: '*';
					to: 'payment_start';
					isOneToOne: true;
					isSetofReturn: false;
				};
			};
			begin_upload: { Args: { provider_id?: string; purpose: string }; Returns: Json };
			booking_calendar: { Args: { booking_id?: string; language?: string; manage_token?: string }; Returns: Json };
			booking_contacts: { Args: { booking_ids: string[] }; Returns: Json };
			calendar_feed: { Args: { secret: string }; Returns: Json };
			cancel_booking: {
				Args: { booking_id?: string; expected_refund_minor?: number; manage_token?: string; reason?: string };
				Returns: Database['public']['CompositeTypes']['booking_details'];
				SetofOptions: {
					from: '*';
					to: 'booking_details';
					isOneToOne: true;
					isSetofReturn: false;
				};
			};
			cancel_session: {
				Args: { reason?: string; session_id: string };
				Returns: Database['public']['CompositeTypes']['changed_session'];
				SetofOptions: {
					from: '*';
					to: 'changed_session';
					isOneToOne: true;
					isSetofReturn: false;
				};
			};
			claim_booking: { Args: { manage_token: string }; Returns: Json };
			claim_deliveries: {
				Args: { batch?: number };
				Returns: {
					attempts: number;
					body_html: string;
					body_text: string;
					calendar: Json;
					channel: Database['public']['Enums']['delivery_channel'];
					id: string;
					language: Database['public']['Enums']['language'];
					recipient: string;
					subject: string;
				}[];
			};
			claim_file_removals: {
				Args: { batch?: number };
				Returns: {
					bucket: string;
					id: string;
					path: string;
				}[];
			};
			claim_pages: {
				Args: { batch?: number };
				Returns: {
					payment_id: string;
					session_id: string;
				}[];
			};
			claim_refunds: {
				Args: { batch?: number };
				Returns: {
					amount_minor: number;
					id: string;
					payment_intent: string;
					reason: string;
					stripe_refund_id: string;
				}[];
			};
			clock_state: { Args: Record<PropertyKey, never>; Returns: Json };
			complete_booking: {
				Args: { booking_id: string; completion_code: string };
				Returns: Database['public']['CompositeTypes']['booking_details'];
				SetofOptions: {
					from: '*';
					to: 'booking_details';
					isOneToOne: true;
					isSetofReturn: false;
				};
			};
			confirm_booking: {
				Args: { proof: string };
				Returns: Database['public']['CompositeTypes']['created_booking'];
				SetofOptions: {
					from: '*';
					to: 'created_booking';
					isOneToOne: true;
					isSetofReturn: false;
				};
			};
			count_accounts: { Args: Record<PropertyKey, never>; Returns: number };
			count_auth_call: { Args: { operation: string }; Returns: undefined };
			create_booking: {
				Args: {
					address?: Json;
					expected_terms?: string;
					expected_total_minor?: number;
					guest?: Json;
					idempotency_key?: string;
					notes?: string;
					party_size?: number;
					promo_code?: string;
					seats?: string[];
					service_id: string;
					session_id?: string;
					starts_at?: string;
				};
				Returns: Database['public']['CompositeTypes']['created_booking'];
				SetofOptions: {
					from: '*';
					to: 'created_booking';
					isOneToOne: true;
					isSetofReturn: false;
				};
			};
			decide_start_request: {
				Args: { accepted: boolean; city?: Json; note?: string; request_id: string };
				Returns: string;
			};
			decide_verification: { Args: { accepted: boolean; note?: string; verification_id: string }; Returns: undefined };
			delete_my_account: { Args: Record<PropertyKey, never>; Returns: undefined };
			end_other_sessions: { Args: Record<PropertyKey, never>; Returns: number };
			end_session: { Args: { session_id: string }; Returns: undefined };
			explain_slot: { Args: { party_size?: number; service_id: string; starts_at: string }; Returns: string[] };
			export_my_data: { Args: Record<PropertyKey, never>; Returns: Json };
			find_accounts: {
				Args: { after?: string; after_id?: string; page_size?: number; q?: string };
				Returns: {
					created_at: string;
					email: string;
					full_name: string;
					id: string;
					language: Database['public']['Enums']['language'];
					last_sign_in_at: string;
					roles: Database['public']['Enums']['platform_role'][];
					suspended: boolean;
				}[];
			};
			find_bookings: {
				Args: { q: string };
				Returns: {
					id: string;
					local_starts_at: string;
					provider_name: string;
					provider_name_ar: string;
					reference: string;
					status: Database['public']['Enums']['booking_status'];
				}[];
			};
			finish_delivery: {
				Args: { delivery_id: string; error?: string; ok: boolean; provider_id?: string };
				Returns: undefined;
			};
			finish_file_removal: { Args: { removal_id: string }; Returns: undefined };
			finish_refund: {
				Args: { error?: string; refund_id: string; status?: string; stripe_refund_id?: string };
				Returns: undefined;
			};
			get_booking: {
				Args: { booking_id?: string; manage_token?: string };
				Returns: Database['public']['CompositeTypes']['booking_details'];
				SetofOptions: {
					from: '*';
					to: 'booking_details';
					isOneToOne: true;
					isSetofReturn: false;
				};
			};
			get_invitation: { Args: { token: string }; Returns: Json };
			grant_role: { Args: { role: string; user_id: string }; Returns: undefined };
			invite_member: { Args: { email: string; provider_id: string; role: string }; Returns: string };
			join_waitlist: {
				Args: { guest?: Json; party_size?: number; period?: unknown; service_id: string; session_id?: string };
				Returns: Database['public']['CompositeTypes']['waitlist_place'];
				SetofOptions: {
					from: '*';
					to: 'waitlist_place';
					isOneToOne: true;
					isSetofReturn: false;
				};
			};
			lacks_password: { Args: Record<PropertyKey, never>; Returns: boolean };
			leave_provider: { Args: { provider_id: string }; Returns: undefined };
			leave_waitlist: { Args: { entry_id: string; manage_token?: string }; Returns: Json };
			mail_link: { Args: { token_hash: string }; Returns: Json };
			make_recovery_codes: { Args: Record<PropertyKey, never>; Returns: string[] };
			mark_read: { Args: { conversation_id: string }; Returns: undefined };
			move_session: {
				Args: { session_id: string; starts_at: string };
				Returns: Database['public']['CompositeTypes']['changed_session'];
				SetofOptions: {
					from: '*';
					to: 'changed_session';
					isOneToOne: true;
					isSetofReturn: false;
				};
			};
			my_calendar_feed: { Args: { provider_id: string }; Returns: string };
			my_sessions: {
				Args: Record<PropertyKey, never>;
				Returns: {
					address: string;
					current: boolean;
					id: string;
					last_seen_at: string;
					second_factor: boolean;
					started_at: string;
					user_agent: string;
				}[];
			};
			next_moves: { Args: { booking_ids: string[] }; Returns: Json };
			note_reading: { Args: { subject: string }; Returns: undefined };
			note_session: { Args: { device?: string; user_agent: string }; Returns: undefined };
			open_document: { Args: { document_id: string }; Returns: string };
			order_refund_again: { Args: { refund_id: string }; Returns: string };
			page_closed: { Args: { payment_id: string }; Returns: undefined };
			people_in_audit: {
				Args: { accounts?: string[]; pseudonyms?: string[] };
				Returns: {
					account_id: string;
					full_name: string;
					pseudonym: string;
				}[];
			};
			provider_hours: { Args: { provider_id: string }; Returns: Json };
			provider_owners: {
				Args: { provider_id: string };
				Returns: {
					email: string;
					full_name: string;
					user_id: string;
				}[];
			};
			provider_team: {
				Args: { language?: string; provider_id: string };
				Returns: {
					email: string;
					full_name: string;
					joined_at: string;
					resource_id: string;
					role: Database['public']['Enums']['member_role'];
					user_id: string;
				}[];
			};
			publish_provider: { Args: { provider_id: string }; Returns: undefined };
			quote_booking: {
				Args: {
					address?: Json;
					expected_terms?: string;
					expected_total_minor?: number;
					guest?: Json;
					idempotency_key?: string;
					notes?: string;
					party_size?: number;
					promo_code?: string;
					seats?: string[];
					service_id: string;
					session_id?: string;
					starts_at?: string;
				};
				Returns: Database['public']['CompositeTypes']['booking_quote'];
				SetofOptions: {
					from: '*';
					to: 'booking_quote';
					isOneToOne: true;
					isSetofReturn: false;
				};
			};
			quote_change: {
				Args: { booking_id?: string; manage_token?: string; party_size?: number; starts_at?: string };
				Returns: Database['public']['CompositeTypes']['booking_change'];
				SetofOptions: {
					from: '*';
					to: 'booking_change';
					isOneToOne: true;
					isSetofReturn: false;
				};
			};
			recently_proven: { Args: Record<PropertyKey, never>; Returns: boolean };
			recovery_codes_left: { Args: Record<PropertyKey, never>; Returns: number };
			remove_member: { Args: { provider_id: string; user_id: string }; Returns: undefined };
			renew_calendar_feed: { Args: { provider_id: string }; Returns: string };
			request_town: { Args: { draft?: Json; town: string }; Returns: string };
			request_trade: { Args: { category_slug: string; draft?: Json }; Returns: string };
			request_verification: { Args: { provider_id: string }; Returns: string };
			reschedule_booking: {
				Args: {
					booking_id?: string;
					expected_terms?: string;
					manage_token?: string;
					party_size?: number;
					starts_at?: string;
				};
				Returns: Database['public']['CompositeTypes']['booking_details'];
				SetofOptions: {
					from: '*';
					to: 'booking_details';
					isOneToOne: true;
					isSetofReturn: false;
				};
			};
			restore_account: { Args: { user_id: string }; Returns: undefined };
			restore_provider: { Args: { provider_id: string }; Returns: undefined };
			reveal_booking_contact: { Args: { booking_id: string; reason: string }; Returns: undefined };
			revealed_contact: {
				Args: { booking_id: string };
				Returns: {
					address: Json;
					customer_name: string;
					email: string;
					notes: string;
					phone: string;
				}[];
			};
			revoke_invitation: { Args: { invitation_id: string }; Returns: undefined };
			revoke_role: { Args: { role: string; user_id: string }; Returns: undefined };
			search_providers: {
				Args: {
					after?: string;
					category_slug?: string;
					city?: string;
					free_on?: string;
					lat?: number;
					lng?: number;
					max_price_minor?: number;
					min_rating?: number;
					page_size?: number;
					q?: string;
					radius_km?: number;
					sort?: string;
					verified_only?: boolean;
				};
				Returns: {
					category: string;
					city_slug: string;
					currency: string;
					cursor: string;
					distance_km: number;
					district: string;
					id: string;
					latitude: number;
					longitude: number;
					name: string;
					name_ar: string;
					next_free_at: string;
					next_free_known: boolean;
					next_free_local: string;
					photo_path: string;
					price_from_minor: number;
					rating: number;
					rating_count: number;
					slug: string;
					total: number;
					verified: boolean;
				}[];
			};
			second_factor_given: { Args: Record<PropertyKey, never>; Returns: boolean };
			send_booking_link: { Args: { contact: string; reference: string }; Returns: Json };
			send_message: {
				Args: { attachment_path?: string; body?: string; conversation_id?: string; provider_id?: string };
				Returns: {
					attachment_path: string | null;
					body: string;
					conversation_id: string;
					created_at: string;
					id: string;
					sender_id: string | null;
					side: Database['public']['Enums']['message_side'];
				};
				SetofOptions: {
					from: '*';
					to: 'messages';
					isOneToOne: true;
					isSetofReturn: false;
				};
			};
			session_seats: { Args: { session_id: string }; Returns: Json };
			set_member_role: { Args: { provider_id: string; role: string; user_id: string }; Returns: undefined };
			slots_to_move: {
				Args: { booking_id?: string; from_date: string; manage_token?: string; party_size?: number; to_date: string };
				Returns: Json;
			};
			start_provider: {
				Args: { business: Json; hours: Json; service: Json };
				Returns: {
					provider_id: string;
					slug: string;
				}[];
			};
			suspend_account: { Args: { reason: string; user_id: string }; Returns: undefined };
			suspend_provider: { Args: { provider_id: string; reason: string }; Returns: undefined };
			transfer_ownership: { Args: { provider_id: string; user_id: string }; Returns: undefined };
			transition_booking: {
				Args: { booking_id: string; reason?: string; to_status: string };
				Returns: Database['public']['CompositeTypes']['booking_details'];
				SetofOptions: {
					from: '*';
					to: 'booking_details';
					isOneToOne: true;
					isSetofReturn: false;
				};
			};
			unpublish_provider: { Args: { provider_id: string }; Returns: undefined };
			use_recovery_code: { Args: { code: string; device?: string }; Returns: Json };
			waiting_start_requests: {
				Args: Record<PropertyKey, never>;
				Returns: {
					category_name_ar: string;
					category_name_en: string;
					category_name_fr: string;
					created_at: string;
					id: string;
					self_service: boolean;
					total: number;
					town: string;
				}[];
			};
		};
		Enums: {
			approval: 'automatic' | 'manual';
			booking_actor: 'customer' | 'provider' | 'system';
			booking_mode: 'appointment' | 'table' | 'session';
			booking_status:
				| 'held'
				| 'pending'
				| 'confirmed'
				| 'in_progress'
				| 'completed'
				| 'no_show'
				| 'expired'
				| 'cancelled'
				| 'rejected';
			booking_viewer: 'customer' | 'guest' | 'provider' | 'staff';
			clash_kind: 'overlap' | 'skipped';
			delivery_channel: 'email' | 'push' | 'sms';
			delivery_status: 'queued' | 'sending' | 'sent' | 'failed' | 'skipped';
			document_kind: 'identity' | 'registration' | 'address' | 'other';
			language: 'fr' | 'ar' | 'en';
			ledger_account: 'stripe' | 'provider' | 'suspense';
			member_role: 'owner' | 'manager' | 'staff';
			message_side: 'customer' | 'provider';
			notification_kind:
				| 'booking_received'
				| 'booking_to_prove'
				| 'booking_of_account'
				| 'booking_link'
				| 'booking_confirmed'
				| 'booking_rejected'
				| 'booking_unanswered'
				| 'booking_cancelled'
				| 'booking_cancelled_by_provider'
				| 'booking_moved'
				| 'booking_moved_by_provider'
				| 'booking_put_back'
				| 'party_changed'
				| 'party_changed_by_provider'
				| 'party_restored'
				| 'waitlist_offer'
				| 'waitlist_moved'
				| 'waitlist_called_off'
				| 'payment_returned'
				| 'place_lost'
				| 'refund_made'
				| 'booking_requested'
				| 'booking_made'
				| 'booking_cancelled_by_customer'
				| 'booking_moved_by_customer'
				| 'booking_party_changed'
				| 'booking_party_restored'
				| 'change_undone'
				| 'request_lapsed'
				| 'clock_clash'
				| 'refund_failed'
				| 'late_payment'
				| 'refund_by_platform'
				| 'payment_disputed'
				| 'message_received'
				| 'team_invitation'
				| 'ownership_received'
				| 'verification_accepted'
				| 'verification_refused'
				| 'start_request_accepted'
				| 'start_request_declined'
				| 'email_changed'
				| 'password_changed'
				| 'way_in_added'
				| 'way_in_removed'
				| 'second_factor_added'
				| 'second_factor_removed'
				| 'recovery_codes_made';
			payment_status: 'open' | 'succeeded' | 'expired' | 'unexpected';
			platform_role: 'moderator' | 'admin' | 'super_admin';
			price_per: 'booking' | 'person';
			provider_status: 'draft' | 'published' | 'suspended';
			refund_status: 'queued' | 'sending' | 'pending' | 'succeeded' | 'failed' | 'canceled';
			resource_kind: 'staff' | 'table' | 'room';
			service_place: 'customer' | 'provider';
			start_request_status: 'waiting' | 'accepted' | 'declined';
			transition_condition:
				| 'before_start'
				| 'may_leave'
				| 'near_start'
				| 'after_start'
				| 'hold_lapsed'
				| 'answer_overdue'
				| 'rescheduled'
				| 'put_back'
				| 'called_off'
				| 'booked_meanwhile'
				| 'offer';
			verification_status: 'waiting' | 'accepted' | 'refused';
			waitlist_status: 'waiting' | 'offered' | 'accepted' | 'declined' | 'lapsed' | 'left';
		};
		CompositeTypes: {
			booking_change: {
				total_minor: number | null;
				due_on_site_minor: number | null;
				amount_due_minor: number | null;
				refund_minor: number | null;
				currency: string | null;
				terms: string | null;
				code: string | null;
				message: string | null;
				details: string | null;
				hint: string | null;
			};
			booking_contact: {
				booking_id: string | null;
				email: string | null;
				phone: string | null;
				address: Json | null;
			};
			booking_details: {
				id: string | null;
				reference: string | null;
				status: Database['public']['Enums']['booking_status'] | null;
				mode: Database['public']['Enums']['booking_mode'] | null;
				viewer: Database['public']['Enums']['booking_viewer'] | null;
				next_statuses: Database['public']['Enums']['booking_status'][] | null;
				provider_id: string | null;
				provider_slug: string | null;
				provider_name: string | null;
				provider_name_ar: string | null;
				provider_phone: string | null;
				provider_address: string | null;
				service_id: string | null;
				service_name_fr: string | null;
				service_name_ar: string | null;
				service_name_en: string | null;
				service_place: Database['public']['Enums']['service_place'] | null;
				resources: string[] | null;
				session_id: string | null;
				seats: string[] | null;
				starts_at: string | null;
				ends_at: string | null;
				local_starts_at: string | null;
				time_zone: string | null;
				party_size: number | null;
				customer_id: string | null;
				customer_name: string | null;
				customer_email: string | null;
				customer_phone: string | null;
				address: Json | null;
				notes: string | null;
				price_minor: number | null;
				discount_minor: number | null;
				total_minor: number | null;
				deposit_minor: number | null;
				paid_minor: number | null;
				amount_due_minor: number | null;
				refund_minor: number | null;
				refund_if_cancelled_minor: number | null;
				currency: string | null;
				policy: Json | null;
				refunds: Json | null;
				free_to_cancel: boolean | null;
				local_stands_at: string | null;
				hold_expires_at: string | null;
				answer_by: string | null;
				top_up_by: string | null;
				offered: boolean | null;
				unproven: boolean | null;
				due_on_site_minor: number | null;
				paid_on_site_minor: number | null;
				completion_code: string | null;
				payment_failure: string | null;
				end_reason: string | null;
				created_at: string | null;
				code: string | null;
				message: string | null;
				details: string | null;
				hint: string | null;
			};
			booking_quote: {
				price_minor: number | null;
				discount_minor: number | null;
				total_minor: number | null;
				deposit_minor: number | null;
				due_on_site_minor: number | null;
				currency: string | null;
				policy: Json | null;
				refunds: Json | null;
				already_booked: string | null;
				terms: string | null;
				code: string | null;
				message: string | null;
				details: string | null;
				hint: string | null;
			};
			changed_session: {
				session_id: string | null;
				starts_at: string | null;
				ends_at: string | null;
				local_starts_at: string | null;
				active: boolean | null;
				bookings: number | null;
				waiting: number | null;
				code: string | null;
				message: string | null;
				details: string | null;
				hint: string | null;
			};
			created_booking: {
				booking_id: string | null;
				reference: string | null;
				status: Database['public']['Enums']['booking_status'] | null;
				manage_token: string | null;
				amount_due_minor: number | null;
				currency: string | null;
				hold_expires_at: string | null;
				code: string | null;
				message: string | null;
				details: string | null;
				hint: string | null;
			};
			payment_start: {
				payment_id: string | null;
				booking_id: string | null;
				reference: string | null;
				amount_minor: number | null;
				currency: string | null;
				customer_email: string | null;
				description: string | null;
				hold_expires_at: string | null;
				stripe_session_id: string | null;
				language: Database['public']['Enums']['language'] | null;
				return_path: string | null;
				code: string | null;
				message: string | null;
				details: string | null;
				hint: string | null;
			};
			session_seat: {
				label: string | null;
				category: string | null;
				row_number: number | null;
				column_number: number | null;
				wheelchair: boolean | null;
				price_minor: number | null;
				free: boolean | null;
			};
			slot: {
				starts_at: string | null;
				ends_at: string | null;
				free: number | null;
				local_starts_at: string | null;
				session_id: string | null;
			};
			waitlist_place: {
				entry_id: string | null;
				status: Database['public']['Enums']['waitlist_status'] | null;
				ahead: number | null;
				manage_token: string | null;
				code: string | null;
				message: string | null;
				details: string | null;
				hint: string | null;
			};
		};
	};
};

type DatabaseWithoutInternals = Omit<Database, '__InternalSupabase'>;

type DefaultSchema = DatabaseWithoutInternals[Extract<keyof Database, 'public'>];

export type Tables<
	DefaultSchemaTableNameOrOptions extends
		keyof (DefaultSchema['Tables'] & DefaultSchema['Views']) | { schema: keyof DatabaseWithoutInternals },
	TableName extends (DefaultSchemaTableNameOrOptions extends {
		schema: keyof DatabaseWithoutInternals;
	}
		? keyof (DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions['schema']]['Tables'] &
				DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions['schema']]['Views'])
		: never) = never
> = DefaultSchemaTableNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
	? (DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions['schema']]['Tables'] &
			DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions['schema']]['Views'])[TableName] extends {
			Row: infer R;
		}
		? R
		: never
	: DefaultSchemaTableNameOrOptions extends keyof (DefaultSchema['Tables'] & DefaultSchema['Views'])
		? (DefaultSchema['Tables'] & DefaultSchema['Views'])[DefaultSchemaTableNameOrOptions] extends {
				Row: infer R;
			}
			? R
			: never
		: never;

export type TablesInsert<
	DefaultSchemaTableNameOrOptions extends keyof DefaultSchema['Tables'] | { schema: keyof DatabaseWithoutInternals },
	TableName extends (DefaultSchemaTableNameOrOptions extends {
		schema: keyof DatabaseWithoutInternals;
	}
		? keyof DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions['schema']]['Tables']
		: never) = never
> = DefaultSchemaTableNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
	? DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions['schema']]['Tables'][TableName] extends {
			Insert: infer I;
		}
		? I
		: never
	: DefaultSchemaTableNameOrOptions extends keyof DefaultSchema['Tables']
		? DefaultSchema['Tables'][DefaultSchemaTableNameOrOptions] extends {
				Insert: infer I;
			}
			? I
			: never
		: never;

export type TablesUpdate<
	DefaultSchemaTableNameOrOptions extends keyof DefaultSchema['Tables'] | { schema: keyof DatabaseWithoutInternals },
	TableName extends (DefaultSchemaTableNameOrOptions extends {
		schema: keyof DatabaseWithoutInternals;
	}
		? keyof DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions['schema']]['Tables']
		: never) = never
> = DefaultSchemaTableNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
	? DatabaseWithoutInternals[DefaultSchemaTableNameOrOptions['schema']]['Tables'][TableName] extends {
			Update: infer U;
		}
		? U
		: never
	: DefaultSchemaTableNameOrOptions extends keyof DefaultSchema['Tables']
		? DefaultSchema['Tables'][DefaultSchemaTableNameOrOptions] extends {
				Update: infer U;
			}
			? U
			: never
		: never;

export type Enums<
	DefaultSchemaEnumNameOrOptions extends keyof DefaultSchema['Enums'] | { schema: keyof DatabaseWithoutInternals },
	EnumName extends (DefaultSchemaEnumNameOrOptions extends {
		schema: keyof DatabaseWithoutInternals;
	}
		? keyof DatabaseWithoutInternals[DefaultSchemaEnumNameOrOptions['schema']]['Enums']
		: never) = never
> = DefaultSchemaEnumNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
	? DatabaseWithoutInternals[DefaultSchemaEnumNameOrOptions['schema']]['Enums'][EnumName]
	: DefaultSchemaEnumNameOrOptions extends keyof DefaultSchema['Enums']
		? DefaultSchema['Enums'][DefaultSchemaEnumNameOrOptions]
		: never;

export type CompositeTypes<
	PublicCompositeTypeNameOrOptions extends
		keyof DefaultSchema['CompositeTypes'] | { schema: keyof DatabaseWithoutInternals },
	CompositeTypeName extends (PublicCompositeTypeNameOrOptions extends {
		schema: keyof DatabaseWithoutInternals;
	}
		? keyof DatabaseWithoutInternals[PublicCompositeTypeNameOrOptions['schema']]['CompositeTypes']
		: never) = never
> = PublicCompositeTypeNameOrOptions extends { schema: keyof DatabaseWithoutInternals }
	? DatabaseWithoutInternals[PublicCompositeTypeNameOrOptions['schema']]['CompositeTypes'][CompositeTypeName]
	: PublicCompositeTypeNameOrOptions extends keyof DefaultSchema['CompositeTypes']
		? DefaultSchema['CompositeTypes'][PublicCompositeTypeNameOrOptions]
		: never;
